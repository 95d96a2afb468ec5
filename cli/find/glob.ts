/** Globs that a shell did not expand: star and double star, question mark, character classes and `{a,b}`. */
import { type Dirent, existsSync, readdirSync } from "node:fs";
import { resolve } from "node:path";

/** Folders that no search enters on its own: packages, recordings, hidden ones. */
export function isSkippedFolder(name: string): boolean {
  return name === "node_modules" || name === "exchanges" || name.startsWith(".");
}

/** True for a path that holds glob syntax. */
export function isGlob(path: string): boolean {
  return /[*?{}[\]]/.test(path);
}

/** The existing paths that match, in order of their names; separators are forward slashes. */
export function expandGlob(pattern: string, cwd: string): readonly string[] {
  const found = new Set<string>();
  for (const single of expandBraces(pattern)) {
    const absolute = single.startsWith("/");
    const segments = single.split("/").filter((part) => part !== "" && part !== ".");
    walk(absolute ? "/" : "", segments, cwd, found);
  }
  return [...found].sort();
}

/**
 * Whether a pattern names a path or a folder above it; both count from one folder. A pattern without a slash matches
 * at every depth, as in a `.gitignore`.
 */
export function matchesGlob(pattern: string, path: string): boolean {
  return expandBraces(pattern).some((single) => {
    const segments = single.split("/").filter((part) => part !== "" && part !== ".");
    return matchesPath(/\/./.test(single) ? segments : ["**", ...segments], path.split("/"));
  });
}

/** Goes through the segments with every count of names that they may have taken: no way is tried twice. */
function matchesPath(segments: readonly string[], names: readonly string[]): boolean {
  let taken = new Set([0]);
  for (const [index, segment] of segments.entries()) {
    // At the end a double star takes what a folder holds, not the folder itself.
    if (segment === "**")
      taken = upTo(names.length, Math.min(...taken) + (index === segments.length - 1 ? 1 : 0));
    else
      taken = new Set(
        [...taken]
          .filter((at) => names[at] !== undefined && matchesSegment(segment, names[at]))
          .map((at) => at + 1),
      );
    if (taken.size === 0) return false;
  }
  return !taken.has(0) || taken.size > 1;
}

function upTo(most: number, least: number): Set<number> {
  return new Set(Array.from({ length: Math.max(0, most - least + 1) }, (_, index) => least + index));
}

function walk(base: string, segments: readonly string[], cwd: string, found: Set<string>): void {
  const [segment, ...rest] = segments;
  if (segment === undefined) {
    if (base !== "" && existsSync(resolve(cwd, base))) found.add(base);
    return;
  }
  if (!isGlob(segment)) {
    walk(child(base, segment), rest, cwd, found);
    return;
  }
  if (segment === "**") walk(base, rest, cwd, found);
  for (const entry of entriesOf(resolve(cwd, base))) {
    const next = child(base, entry.name);
    if (segment === "**") {
      if (entry.isDirectory() && !isSkippedFolder(entry.name)) walk(next, segments, cwd, found);
    } else if (matchesSegment(segment, entry.name)) walk(next, rest, cwd, found);
  }
}

function child(base: string, name: string): string {
  return base === "" || base === "/" ? base + name : `${base}/${name}`;
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // What is no folder, or may not be read, holds nothing that matches.
    return [];
  }
}

/** One name against one segment; a hidden name is matched only by a pattern that begins with a dot. */
function matchesSegment(segment: string, name: string): boolean {
  if (name.startsWith(".") && !segment.startsWith(".")) return false;
  const tokens = segment.match(/\[!?[^\]]+\]|[\s\S]/gu) ?? [];
  const characters = [...name];
  let token = 0;
  let at = 0;
  // Where to go on from when a later part does not fit: the last star, which then takes one character more.
  let star = -1;
  let starAt = 0;
  while (at < characters.length) {
    if (tokens[token] === "*") {
      star = token++;
      starAt = at;
    } else if (matchesToken(tokens[token], characters[at] ?? "")) {
      token += 1;
      at += 1;
    } else if (star >= 0) {
      token = star + 1;
      at = ++starAt;
    } else return false;
  }
  return tokens.slice(token).every((rest) => rest === "*");
}

function matchesToken(token: string | undefined, character: string): boolean {
  if (token === undefined) return false;
  if (token === "?" || token === character) return true;
  if (!/^\[.+\]$/u.test(token)) return false;
  const negated = token[1] === "!";
  const members = [...token.slice(negated ? 2 : 1, -1)];
  const within = members.some((member, index) =>
    members[index + 1] === "-" && members[index + 2] !== undefined
      ? member <= character && character <= (members[index + 2] ?? "")
      : member === character,
  );
  return within !== negated;
}

/** `a/{b,c}.yaml` gives `a/b.yaml` and `a/c.yaml`; inner braces are expanded by the recursion. */
function expandBraces(pattern: string): readonly string[] {
  const braces = /\{([^{}]*)\}/.exec(pattern);
  if (!braces?.[1]?.includes(",")) return [pattern];
  const before = pattern.slice(0, braces.index);
  const after = pattern.slice(braces.index + braces[0].length);
  return braces[1].split(",").flatMap((choice) => expandBraces(before + choice + after));
}
