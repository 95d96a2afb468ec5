import type { Mend, Report } from "../diagnostics.ts";
import { type Entry, MapNode, type Node, type Pointer, ScalarNode, type Span, sameData } from "./tree.ts";

/** As many places as there are children: an array that grew keeps room for sixteen more, in each of many small nodes. */
export function exact<T>(children: readonly T[]): readonly T[] {
  if (children.length === 0) return none;
  return children.length > 64 ? children : children.slice();
}

const none: readonly never[] = [];

/** Gives each distinct key as one text, however often it stands: a descriptor has a few hundred. */
export function createKeys(): (key: string) => string {
  const keys = new Map<string, string>();
  return (key) => {
    const known = keys.get(key);
    if (known !== undefined) return known;
    if (keys.size < mostKeys) keys.set(key, key);
    return key;
  };
}

const mostKeys = 2000;

const forbidden = new Set(["__proto__", "constructor", "prototype"]);

/** True for names that no author may choose (they reach into JavaScript's own objects). */
export function isForbiddenName(name: string): boolean {
  return forbidden.has(name);
}

/** What both parsers check while they build: duplicate keys (in linear time), forbidden keys, finite numbers. */
export class TreeBuilder {
  readonly #report: Report;

  constructor(report: Report) {
    this.#report = report;
  }

  /** The entries of one map, which begins at `start`; they come in source order. */
  map(path: Pointer, start: number): MapBuilder {
    return new MapBuilder(this.#report, path, start);
  }

  number(path: Pointer, source: string, value: number, span: Span): ScalarNode {
    if (!Number.isFinite(value)) {
      this.#report({
        rule: "yaml/number",
        path,
        span,
        message: `${source} is not a finite number.`,
        help: "Write a finite number, or put the text in quotes.",
      });
    }
    return new ScalarNode(span.start, span.end, Number.isFinite(value) ? value : 0, "plain");
  }
}

/** Maps of few keys are searched; a set for each of them would cost more than all the rest of reading. */
const indexedFrom = 12;

export class MapBuilder {
  /** What was accepted. */
  readonly entries: Entry[] = [];
  readonly #report: Report;
  readonly #path: Pointer;
  readonly #start: number;
  #index: Map<string, Entry> | undefined;
  #before: Entry | undefined;
  /** The last key that stood twice. */
  #twice: Entry | undefined;

  constructor(report: Report, path: Pointer, start: number) {
    this.#report = report;
    this.#path = path;
    this.#start = start;
  }

  add(entry: Entry): void {
    const { key } = entry;
    const first = this.#find(key);
    const before = this.#before;
    this.#before = entry;
    if (first) {
      this.#tellTwice(entry, first, before);
      // A line that stands twice leaves its first copy without what hangs on it.
      if (isNothing(first.value) && !isNothing(entry.value)) {
        this.entries[this.entries.indexOf(first)] = entry;
        this.#index?.set(key, entry);
      }
    } else if (isForbiddenName(key) && !isInSchema(this.#path)) this.#tellForbidden(entry);
    else {
      this.#index?.set(key, entry);
      this.entries.push(entry);
    }
  }

  #tellForbidden({ key, keySpan: span }: Entry): void {
    this.#report({
      rule: "names/forbidden",
      path: [...this.#path, key],
      span,
      message: `"${key}" cannot be used as a name.`,
      help: "Choose another name; this one has a meaning of its own in JavaScript.",
    });
  }

  #find(key: string): Entry | undefined {
    if (this.#index) return this.#index.get(key);
    const { entries } = this;
    if (entries.length > indexedFrom) {
      this.#index = new Map(entries.map((one) => [one.key, one]));
      return this.#index.get(key);
    }
    for (let index = 0; index < entries.length; index++) {
      const one = entries[index];
      if (one?.key === key) return one;
    }
    return undefined;
  }

  #tellTwice(entry: Entry, first: Entry, before: Entry | undefined): void {
    const { key, keySpan: span, value } = entry;
    const twin = before && sameData(first.value, value) ? removing(before, entry, this.#start) : undefined;
    // Several keys in a row that are there already are one mistake, and any in the same entry of a list: a second one
    // that lost the line with its `- `.
    const inList = typeof this.#path.at(-1) === "number";
    const follows = this.#twice !== undefined && (inList || before === this.#twice);
    this.#twice = entry;
    if (follows && (inList || !twin)) return;
    const path = [...this.#path, key];
    this.#report({
      rule: "yaml/duplicate-key",
      path,
      span,
      message: `The key "${key}" stands twice in this map.`,
      help: twin
        ? "Remove one of them; they say the same."
        : inList
          ? "Remove one of them. If the next entry of the list begins before this line, its `- ` is missing."
          : "Remove one of them; which one counts would be a guess.",
      label: "stands here again",
      related: [{ path, at: "key", message: "the first one" }],
      ...(twin ? { fix: twin } : {}),
    });
  }
}

function isNothing(value: Node): boolean {
  return value.kind === "scalar" && value.value === null;
}

/** The second of two entries that say the same goes. */
function removing(before: Entry, entry: Entry, start: number): Mend {
  const from = new MapNode(start, entry.value.end, [before, entry]);
  return { title: `Remove the second \`${entry.key}\``, edits: [{ kind: "remove-entry", entry, from }] };
}

/** Inside an embedded JSON Schema every property name is data. */
function isInSchema(path: Pointer): boolean {
  return path.some(
    (part, index) =>
      part === "response_schema" ||
      part === "schema" ||
      (index === 0 && part === "schemas" && path.length > 1),
  );
}
