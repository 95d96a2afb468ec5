/** Semantic versions (semver.org 2.0.0): which version a change of a given level asks for at least. */
import type { Level } from "./change.ts";

export interface Version {
  readonly major: bigint;
  readonly minor: bigint;
  readonly patch: bigint;
  readonly prerelease: readonly string[];
}

export type VersionRuleId = "diff/version-not-raised" | "diff/version-too-low" | "diff/version-lowered";

export const versionRules: { readonly [rule in VersionRuleId]: { readonly summary: string } } = {
  "diff/version-not-raised": { summary: "The content changed and the version did not." },
  "diff/version-too-low": { summary: "The version was raised by less than the gravest change asks for." },
  "diff/version-lowered": { summary: "The new version is below the old one." },
};

export interface VersionJudgement {
  readonly old: string;
  readonly new: string;
  /** The least version that the changes allow; the old one where nothing changed. */
  readonly least: string;
  /** What the version breaks, if anything. */
  readonly problem?: { readonly rule: VersionRuleId; readonly message: string };
}

/** Numbers of any size; undefined for what is no semantic version. */
export function parseVersion(text: string): Version | undefined {
  const match = /^(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/.exec(text);
  if (!match) return undefined;
  const [, major = "0", minor = "0", patch = "0", prerelease] = match;
  return {
    major: BigInt(major),
    minor: BigInt(minor),
    patch: BigInt(patch),
    prerelease: prerelease === undefined ? [] : prerelease.split("."),
  };
}

/** Precedence (semver 11): negative where `a` is below `b`. Build metadata does not count. */
export function compareVersions(a: Version, b: Version): number {
  for (const part of ["major", "minor", "patch"] as const)
    if (a[part] !== b[part]) return a[part] < b[part] ? -1 : 1;
  if (a.prerelease.length === 0 || b.prerelease.length === 0)
    return (a.prerelease.length === 0 ? 1 : 0) - (b.prerelease.length === 0 ? 1 : 0);
  for (const [index, left] of a.prerelease.entries()) {
    const right = b.prerelease[index];
    if (right === undefined) return 1;
    const order = compareIdentifiers(left, right);
    if (order !== 0) return order;
  }
  return a.prerelease.length - b.prerelease.length;
}

function compareIdentifiers(a: string, b: string): number {
  const numbers = [a, b].map((text) => /^\d+$/.test(text));
  if (numbers[0] && numbers[1]) {
    const [left, right] = [BigInt(a), BigInt(b)];
    return left === right ? 0 : left < right ? -1 : 1;
  }
  if (numbers[0] !== numbers[1]) return numbers[0] ? -1 : 1;
  return a === b ? 0 : a < b ? -1 : 1;
}

/**
 * The least version above `old` for changes of this level. Below 1.0.0 a breaking change raises the minor number and
 * any other the patch number, as package managers read `^0.2.0`. A prerelease has announced its numbers already: as
 * far as they reach, only the prerelease goes on.
 */
export function leastVersion(old: Version, floor: Level): Version {
  const level = old.major > 0n ? floor : floor === "major" ? "minor" : "patch";
  if (old.prerelease.length > 0 && reaches(old, level))
    return { ...old, prerelease: following(old.prerelease) };
  const release = { ...old, prerelease: [] };
  switch (level) {
    case "major":
      return { ...release, major: old.major + 1n, minor: 0n, patch: 0n };
    case "minor":
      return { ...release, minor: old.minor + 1n, patch: 0n };
    case "patch":
      return { ...release, patch: old.patch + 1n };
  }
}

/** 2.0.0-rc.1 announces a major version, 1.3.0-rc.1 a minor one, 1.2.3-rc.1 a patch. */
function reaches({ minor, patch }: Version, level: Level): boolean {
  if (level === "major") return minor === 0n && patch === 0n;
  return level === "minor" ? patch === 0n : true;
}

function following(prerelease: readonly string[]): readonly string[] {
  const last = prerelease.at(-1) ?? "";
  return /^\d+$/.test(last) ? [...prerelease.slice(0, -1), String(BigInt(last) + 1n)] : [...prerelease, "1"];
}

export function versionText({ major, minor, patch, prerelease }: Version): string {
  return `${major}.${minor}.${patch}${prerelease.length > 0 ? `-${prerelease.join(".")}` : ""}`;
}

/** Judges the step from one version to another under changes whose gravest has this level. */
export function judgeVersion(old: string, now: string, floor: Level | undefined): VersionJudgement {
  const before = parseVersion(old);
  const after = parseVersion(now);
  // The validator lets no other text through; IR from elsewhere may hold anything.
  if (!before || !after) return { old, new: now, least: old };
  const order = compareVersions(after, before);
  if (!floor)
    return {
      old,
      new: now,
      least: old,
      ...(order < 0
        ? {
            problem: {
              rule: "diff/version-lowered",
              message: `The version goes back from ${old} to ${now}, and nothing else changed.`,
            },
          }
        : {}),
    };
  const needed = leastVersion(before, floor);
  const least = versionText(needed);
  // 2.0.0-beta is enough where 2.0.0 is: it announces the same numbers.
  const enough = order > 0 && (compareVersions(after, needed) >= 0 || sameNumbers(after, needed));
  if (enough) return { old, new: now, least };
  const rule: VersionRuleId =
    order < 0 ? "diff/version-lowered" : order === 0 ? "diff/version-not-raised" : "diff/version-too-low";
  return { old, new: now, least, problem: { rule, message: problemText(rule, old, now, least, floor) } };
}

function sameNumbers(a: Version, b: Version): boolean {
  return a.major === b.major && a.minor === b.minor && a.patch === b.patch;
}

function problemText(rule: VersionRuleId, old: string, now: string, least: string, floor: Level): string {
  const demand = `the gravest change is ${floor}, so it must be at least ${least}`;
  switch (rule) {
    case "diff/version-not-raised":
      return `The content changed and the version is still ${now}; ${demand}.`;
    case "diff/version-too-low":
      return `The version was raised from ${old} to ${now} only; ${demand}.`;
    case "diff/version-lowered":
      return `The version went back from ${old} to ${now}; ${demand}.`;
  }
}
