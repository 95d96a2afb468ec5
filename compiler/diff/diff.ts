/** Two connectors held against each other: every change, what it asks of the version, and whether that was given. */
import type { Connector } from "../../schema/ir.ts";
import { list } from "../../schema/language/spelling.ts";
import { compareLimits } from "./areas/limits.ts";
import { compareMetadata } from "./areas/metadata.ts";
import { compareOperations } from "./areas/operations.ts";
import { compareProfiles } from "./areas/profiles.ts";
import { compareSharedSchemas } from "./areas/schemas.ts";
import { compareSettings } from "./areas/settings.ts";
import { compareTools } from "./areas/tools.ts";
import { same } from "./canonical.ts";
import { ruleOf } from "./catalog.ts";
import { type Change, type Found, type Level, levels, Spot } from "./change.ts";
import { type Area, createComparison } from "./comparison.ts";
import { createLocator, type DiffSource, type Locate } from "./locate.ts";
import { judgeVersion, type VersionJudgement } from "./version.ts";
import { contentOf } from "./words.ts";

export interface DiffOptions {
  /** The texts that the connectors were compiled from: with both, changes have lines and columns. */
  readonly old?: DiffSource;
  readonly new?: DiffSource;
}

export interface ConnectorDiff {
  readonly slug: string;
  /** Gravest first, then in the order of the descriptor. */
  readonly changes: readonly Change[];
  /** The level of the gravest change; absent where nothing changed. */
  readonly floor?: Level;
  readonly version: VersionJudgement;
}

/** Every part of a connector; shared schemas come after what uses them. */
const areas: readonly Area[] = [
  compareMetadata,
  compareSettings,
  compareProfiles,
  compareOperations,
  compareSharedSchemas,
  compareLimits,
  compareTools,
];

/** Compares two compiled connectors. What changed in the order of maps, in comments or in layout is no change. */
export function diffConnectors(old: Connector, now: Connector, options: DiffOptions = {}): ConnectorDiff {
  const comparison = createComparison(old, now);
  if (!isSameContent(old, now)) for (const area of areas) area(comparison);
  if (comparison.found.length === 0 && !same(contentOf(bare(old)), contentOf(bare(now))))
    comparison.reporter({ kind: "connector", id: now.slug })(
      "diff/other",
      new Spot([], []),
      "Something changed that has no rule of its own.",
    );
  const changes = toChanges(comparison.found, old, now, options);
  const floor = levels.find((level) => changes.some((change) => change.level === level));
  return {
    slug: now.slug,
    changes,
    ...(floor ? { floor } : {}),
    version: judgeVersion(old.version, now.version, floor),
  };
}

/** What is to be said of a connector that stands on one side alone. */
export function loneChange(rule: "diff/connector-added" | "diff/connector-removed"): Change {
  const { level, security = false, undecided = false } = ruleOf(rule);
  const message = rule === "diff/connector-added" ? "The connector is new." : "The connector is gone.";
  const nowhere = { path: "" };
  return { rule, level, security, undecided, message, subjects: [], tools: [], old: nowhere, new: nowhere };
}

/** The hash covers the version; the content is all but that. */
function isSameContent(old: Connector, now: Connector): boolean {
  if (old.content_hash === now.content_hash) return true;
  return same(bare(old), bare(now));
}

function bare(connector: Connector): unknown {
  return { ...connector, version: "", content_hash: "" };
}

interface Merged {
  readonly found: Found;
  readonly subjects: Set<string>;
  readonly tools: Set<string>;
  readonly change: Pick<Change, "old" | "new">;
}

/** Places looked up; what several operations share is told once, for all of them. */
function toChanges(
  found: readonly Found[],
  old: Connector,
  now: Connector,
  options: DiffOptions,
): readonly Change[] {
  const locate = createLocator(options);
  const merged = new Map<string, Merged>();
  const located = new Map<Spot, { readonly sites: ReturnType<Locate>; readonly text: string }>();
  // What a shared schema is told of comes with one spot for all that use it.
  const locateOnce = ({
    spot,
    show,
  }: Found): { readonly sites: ReturnType<Locate>; readonly text: string } => {
    const known = located.get(spot);
    if (known) return known;
    const sites = locate(spot, show ?? "value");
    const entry = { sites, text: JSON.stringify(sites) };
    located.set(spot, entry);
    return entry;
  };
  const tools = { old: toolsByOperation(old), new: toolsByOperation(now) };
  for (const one of found) {
    const { sites, text } = locateOnce(one);
    const key = `${one.rule}\n${one.message}\n${text}`;
    const entry = merged.get(key) ?? { found: one, subjects: new Set(), tools: new Set(), change: sites };
    merged.set(key, entry);
    if (one.subject.kind !== "connector") entry.subjects.add(`${one.subject.kind} ${one.subject.id}`);
    if (one.subject.kind === "operation")
      for (const side of [tools.old, tools.new])
        for (const tool of side.get(one.subject.id) ?? []) entry.tools.add(tool);
  }
  return [...merged.values()].map(toChange).sort(byWeight);
}

function toChange({ found, subjects, tools, change }: Merged): Change {
  const { level, security = false, undecided = false } = ruleOf(found.rule);
  const names = [...subjects].sort();
  return {
    rule: found.rule,
    level,
    security,
    undecided,
    message: names.length > 0 ? `${subjectText(names)}: ${uncapital(found.message)}` : found.message,
    subjects: names,
    tools: [...tools].sort(),
    ...change,
  };
}

function subjectText(subjects: readonly string[]): string {
  return list(
    subjects.map((subject) => subject.slice(subject.indexOf(" ") + 1)),
    3,
  );
}

function uncapital(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}

/** Tools that show an operation: what changes in it changes in them. */
function toolsByOperation({ mcp }: Connector): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { operation, name } of mcp?.tools ?? [])
    found.set(operation, [...(found.get(operation) ?? []), name]);
  return found;
}

function byWeight(a: Change, b: Change): number {
  return (
    levels.indexOf(a.level) - levels.indexOf(b.level) ||
    Number(b.security) - Number(a.security) ||
    lineOf(a) - lineOf(b) ||
    compareTexts(a.new.path, b.new.path) ||
    compareTexts(a.old.path, b.old.path) ||
    compareTexts(a.rule, b.rule) ||
    compareTexts(a.message, b.message)
  );
}

function lineOf({ new: { range } }: Change): number {
  return range?.start.line ?? 0;
}

function compareTexts(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
