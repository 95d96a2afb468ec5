import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type ParsedNode,
  parseAllDocuments,
  Scalar,
} from "yaml";
import { closest } from "../../schema/language/spelling.ts";
import type { Finding, Report } from "../diagnostics.ts";
import { maxAliasedNodes, maxDepth } from "./limits.ts";
import { mergedEntries } from "./merge-keys.ts";
import { findTooDeep } from "./nesting.ts";
import { Entry, ListNode, MapNode, type Node, type Pointer, ScalarNode, type Span } from "./tree.ts";
import { TreeBuilder } from "./tree-builder.ts";
import { reportSyntax } from "./yaml-syntax.ts";

export interface YamlDocument {
  /** Undefined after a syntax error, which is reported. */
  readonly root: Node | undefined;
  /** Nothing but blanks and comments. */
  readonly empty: boolean;
  /** Where a value stands that an alias repeats. */
  readonly repeated?: readonly Span[];
}

/**
 * YAML 1.2 (core schema) to our tree. `report` hears of each document's findings by its index. `merges` reads merge keys as
 * YAML 1.1 does; else they are findings.
 */
export function readYaml(
  text: string,
  report: (document: number) => Report,
  merges = false,
): readonly YamlDocument[] {
  const tooDeep = findTooDeep(text);
  if (tooDeep !== undefined) {
    report(0)({
      rule: "yaml/too-deep",
      path: [],
      span: { start: tooDeep, end: tooDeep + 1 },
      message: `Nesting past ${maxDepth} levels.`,
      help: "Flatten the document, or move schemas to the top-level `schemas`.",
    });
    return [{ root: undefined, empty: false }];
  }
  return parseDocuments(text).map((document, index) => readDocument(document, text, report(index), merges));
}

/** A tree for each document that has content, right wherever the errors are not. */
export interface Recovered {
  readonly roots: readonly Node[];
  readonly errors: number;
}

/** What the parser made of text with syntax errors, for an editor in the moment of typing. */
export function recoverYaml(text: string): Recovered {
  if (findTooDeep(text) !== undefined) return { roots: [], errors: 1 };
  const documents = parseDocuments(text);
  const roots = documents.flatMap(({ contents }) => {
    if (!contents) return [];
    const converter = new Converter(text, () => {});
    const { node } = converter.node(contents, [], 0);
    return converter.bombed ? [] : [node];
  });
  return { roots, errors: documents.reduce((sum, { errors }) => sum + errors.length, 0) };
}

function parseDocuments(text: string): readonly Document.Parsed<ParsedNode>[] {
  const documents = parseAllDocuments<ParsedNode>(text, {
    version: "1.2",
    schema: "core",
    merge: false,
    // Quadratic in the parser; TreeBuilder does it with a set.
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "silent",
  });
  return [...documents];
}

function readDocument(
  document: Document.Parsed<ParsedNode>,
  text: string,
  report: Report,
  merges: boolean,
): YamlDocument {
  if (document.errors.length > 0) {
    reportSyntax(document, text, report);
    return { root: undefined, empty: false };
  }
  const { contents } = document;
  if (!contents || (isScalar(contents) && contents.value === null && !contents.source))
    return { root: undefined, empty: true };
  const converter = new Converter(text, report, merges);
  const { node } = converter.node(contents, [], 0);
  // What stands in the place of refused aliases says nothing: the rest is not judged.
  return {
    root: converter.bombed ? undefined : node,
    empty: false,
    repeated: [...converter.repeated].map(({ span }) => span),
  };
}

interface Built {
  readonly node: Node;
  /** Nodes below and including this one, aliases written out. */
  readonly size: number;
  readonly depth: number;
}

const knownTags = new Set(
  ["str", "int", "float", "bool", "null", "map", "seq"].map((name) => `tag:yaml.org,2002:${name}`),
);

class Converter {
  readonly #text: string;
  readonly #report: Report;
  readonly #merges: boolean;
  readonly #tree: TreeBuilder;
  readonly #anchors = new Map<string, Built>();
  /** By the name of an anchor that is nowhere: its aliases after the first. */
  readonly #missing = new Map<string, Span[]>();
  #aliased = 0;
  /** The values that aliases repeat. */
  readonly repeated = new Set<Node>();
  /** Aliases stood for too much; it was reported once. */
  bombed = false;

  constructor(text: string, report: Report, merges = false) {
    this.#text = text;
    this.#report = report;
    this.#merges = merges;
    this.#tree = new TreeBuilder(report);
  }

  node(source: unknown, path: Pointer, depth: number): Built {
    if (isAlias(source)) return this.#alias(source.source, spanOf(source.range), path, depth);
    const built = this.#content(source, path, depth);
    const anchor = isScalar(source) || isCollection(source) ? source.anchor : undefined;
    if (anchor) this.#anchors.set(anchor, built);
    return built;
  }

  #content(source: unknown, path: Pointer, depth: number): Built {
    if (isMap(source)) {
      this.#tag(source.tag, source.range, path);
      return this.#map(source, path, depth);
    }
    if (isSeq(source)) {
      this.#tag(source.tag, source.range, path);
      const items: Node[] = [];
      let size = 1;
      let below = 0;
      for (const item of source.items) {
        const built = this.node(item, [...path, items.length], depth + 1);
        this.#swallowed(item, [...path, items.length]);
        items.push(built.node);
        size += built.size;
        below = Math.max(below, built.depth);
      }
      const { start, end } = collectionSpan(source, items.at(-1)?.end);
      return { node: new ListNode(start, end, items), size, depth: below + 1 };
    }
    return { node: this.#scalar(source, path), size: 1, depth: 1 };
  }

  /** `- a` with `- b` indented below it is one entry, the text "a - b". */
  #swallowed(item: unknown, path: Pointer): void {
    if (!isScalar(item) || item.type !== Scalar.PLAIN) return;
    const { start, end } = spanOf(item.range);
    const next = /\n *(- .*)/d.exec(this.#text.slice(start, end));
    const place = next?.indices?.[1];
    if (!place) return;
    this.#report({
      rule: "yaml/swallowed-entry",
      path,
      span: { start: start + place[0], end: start + place[1] },
      message: "This is no entry of the list: it continues the text of the entry above.",
      help: "Indent it like the entry above; if the text is meant, put all of it in quotes.",
      related: [{ path, span: { start, end: start + (next?.index ?? 1) }, message: "the entry begins here" }],
    });
  }

  #map(
    source: {
      items: readonly { key: unknown; value: unknown }[];
      range?: unknown;
      flow?: boolean | undefined;
    },
    path: Pointer,
    depth: number,
  ): Built {
    const keys = this.#tree.map(path, spanOf(source.range).start);
    let size = 1;
    let below = 0;
    const merged: Entry[] = [];
    for (const pair of source.items) {
      const read = this.#key(pair.key, path);
      if (!read) continue;
      const [key, keySpan] = read;
      // In quotes it is a key like any other, in YAML 1.1 too.
      if (key === "<<" && keySpan.end - keySpan.start === key.length) {
        const value = this.#merges ? this.node(pair.value, [...path, key], depth + 1) : undefined;
        const more = value && mergedEntries(value.node);
        if (value && more) {
          size += value.size;
          below = Math.max(below, value.depth);
          merged.push(...more);
          continue;
        }
        this.#report({
          rule: "yaml/merge-key",
          path: [...path, key],
          span: keySpan,
          message: "Merge keys (<<) belong to YAML 1.1; here they are not known.",
          help: "Write the keys out, or use an alias for a whole value (`headers: *common`).",
        });
        continue;
      }
      const value =
        pair.value === null || pair.value === undefined
          ? absent(keySpan)
          : this.node(pair.value, [...path, key], depth + 1);
      size += value.size;
      below = Math.max(below, value.depth);
      keys.add(new Entry(key, keySpan.start, keySpan.end, value.node));
    }
    const last = keys.entries.at(-1);
    const own = new Set(merged.length > 0 ? keys.entries.map(({ key }) => key) : []);
    // A map's own keys win, wherever they stand, and of several merged maps the first.
    for (const entry of merged)
      if (!own.has(entry.key)) {
        own.add(entry.key);
        keys.add(entry);
      }
    const { start, end } = collectionSpan(source, last && Math.max(last.value.end, last.keyEnd));
    return { node: new MapNode(start, end, keys.entries), size, depth: below + 1 };
  }

  #key(source: unknown, path: Pointer): readonly [string, Span] | undefined {
    if (isScalar(source)) {
      this.#tag(source.tag, source.range, path);
      const span = spanOf(source.range);
      return [
        typeof source.value === "string" ? source.value : (source.source ?? String(source.value)),
        span,
      ];
    }
    const span = isAlias(source) || isCollection(source) ? spanOf(source.range) : { start: 0, end: 0 };
    this.#report({
      rule: "yaml/key",
      path,
      span,
      message: "A key must be a plain text.",
      help: "Maps, lists and aliases cannot be keys here. A value such as {name} must be in quotes.",
    });
    return undefined;
  }

  #scalar(source: unknown, path: Pointer): ScalarNode {
    if (!isScalar(source)) return new ScalarNode(0, 0, null, "plain");
    this.#tag(source.tag, source.range, path);
    const span = spanOf(source.range);
    const value: unknown = source.value;
    if (typeof value === "number")
      return this.#tree.number(path, source.source ?? String(value), value, span);
    const style =
      source.type === Scalar.QUOTE_DOUBLE
        ? "double"
        : source.type === Scalar.QUOTE_SINGLE
          ? "single"
          : source.type === Scalar.BLOCK_FOLDED || source.type === Scalar.BLOCK_LITERAL
            ? "block"
            : "plain";
    if (typeof value === "string" || typeof value === "boolean" || value === null)
      return new ScalarNode(
        span.start,
        style === "block" ? trimEnd(this.#text, span) : span.end,
        value,
        style,
      );
    return new ScalarNode(span.start, span.end, source.source ?? "", style);
  }

  #tag(tag: string | undefined, range: unknown, path: Pointer): void {
    if (tag === undefined || tag === "!" || knownTags.has(tag)) return;
    this.#report({
      rule: "yaml/unknown-tag",
      path,
      span: spanOf(range),
      message: `The tag ${tag} is not known.`,
      help: "Remove the tag; descriptors use the plain types of YAML 1.2 alone.",
    });
  }

  #alias(name: string, span: Span, path: Pointer, depth: number): Built {
    const target = this.#anchors.get(name);
    if (!target) {
      // A missing anchor is one mistake, however many use it.
      const others = this.#missing.get(name);
      const covers: Span[] = others ?? [];
      if (others) others.push(span);
      else
        this.#report({
          rule: "yaml/unknown-alias",
          path,
          span,
          message: `No anchor &${name} stands before this alias.`,
          ...aliasAdvice(this.#text, span, name, [...this.#anchors.keys()]),
          covers,
        });
      this.#missing.set(name, covers);
      return absent(span);
    }
    const stand = absent(span);
    this.#aliased += target.size;
    if (this.#aliased > maxAliasedNodes || depth + target.depth > maxDepth) {
      if (this.bombed) return stand;
      this.bombed = true;
      this.#report({
        rule: "yaml/alias-bomb",
        path,
        span,
        message: "Aliases stand for too much here.",
        help: `Written out they may hold at most ${maxAliasedNodes} values, ${maxDepth} levels deep.`,
      });
      return stand;
    }
    this.repeated.add(target.node);
    return target;
  }
}

/** `*.example.com` is a pattern of hosts that lacks its quotes; any other alias has a slip or comes too early. */
function aliasAdvice(
  text: string,
  span: Span,
  name: string,
  anchors: readonly string[],
): Pick<Finding, "help" | "replace" | "fix"> {
  const written = text.slice(span.start, span.end);
  if (name.startsWith(".")) {
    const fix = { title: "Put it in quotes", edits: [{ span, text: `"${written}"` }] };
    return { help: `Write "${written}" in quotes: outside of them * begins an alias.`, fix };
  }
  const meant = closest(name, anchors);
  if (meant === undefined)
    return { help: "Define the anchor earlier in the same document, outside of itself." };
  return { help: `Did you mean *${meant}?`, replace: `*${meant}` };
}

function absent({ start, end }: Span): Built {
  return { node: new ScalarNode(start, end, null, "plain"), size: 1, depth: 1 };
}

function spanOf(range: unknown): Span {
  return Array.isArray(range) ? { start: Number(range[0]), end: Number(range[1]) } : { start: 0, end: 0 };
}

/** A block collection's own range runs to the next key: it ends with its last value. */
function collectionSpan(
  source: { range?: unknown; flow?: boolean | undefined },
  last: number | undefined,
): Span {
  const span = spanOf(source.range);
  return source.flow || last === undefined ? span : { start: span.start, end: Math.max(last, span.start) };
}

function trimEnd(text: string, { start, end: from }: Span): number {
  let end = from;
  while (end > start && /\s/.test(text[end - 1] ?? "")) end--;
  return end;
}
