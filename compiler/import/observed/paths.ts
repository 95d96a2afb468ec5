/** Paths that were seen, as paths with parameters: by what their segments are, and by comparing them. */
import { snakeCase } from "../names.ts";
import { formatOf, isIdentifier } from "./values.ts";

export interface SeenPath<T> {
  /** Decoded; an empty one at the end stands for a slash there. */
  readonly segments: readonly string[];
  readonly method: string;
  /** What tells two answers apart, such as the names in them: begins with `$`, or is empty where nothing is known. */
  readonly likeness: string;
  readonly of: T;
}

export interface PathPattern<T> {
  /** A text, or the values of a parameter; each in its place. */
  readonly segments: readonly (string | ReadonlySet<string>)[];
  readonly method: string;
  readonly seen: readonly T[];
}

/** A node of the tree that all paths of a host make. */
interface Node<T> {
  readonly texts: Map<string, Node<T>>;
  /** What stands for any segment that names one thing among many. */
  any: { readonly values: Set<string>; readonly node: Node<T> } | undefined;
  readonly ends: Map<string, { readonly likeness: Set<string>; readonly seen: T[] }>;
}

/** So many words of one kind side by side are names of things, unless their answers differ. */
const fewWords = 4;
const fewSlugs = 2;

/** The patterns of paths of one host, in the order in which they were first seen. */
export function patternsOf<T>(
  all: readonly SeenPath<T>[],
  isSecret: (segment: string) => boolean,
): readonly PathPattern<T>[] {
  const root = emptyNode<T>();
  for (const one of all) insert(root, one, isSecret);
  merge(root);
  const order = new Map(all.map(({ of }, index) => [of, index]));
  const first = ({ seen }: PathPattern<T>): number => Math.min(...seen.map((one) => order.get(one) ?? 0));
  return gather(root, []).sort((a, b) => first(a) - first(b));
}

function emptyNode<T>(): Node<T> {
  return { texts: new Map(), any: undefined, ends: new Map() };
}

function insert<T>(root: Node<T>, path: SeenPath<T>, isSecret: (segment: string) => boolean): void {
  let node = root;
  for (const segment of path.segments) {
    if (
      segment === "" ||
      isVersion(segment) ||
      !(isIdentifier(segment) || !isWordlike(segment) || isSecret(segment))
    )
      node = childOf(node, segment);
    else {
      node.any ??= { values: new Set(), node: emptyNode() };
      node.any.values.add(segment);
      node = node.any.node;
    }
  }
  const end = node.ends.get(path.method) ?? { likeness: new Set(), seen: [] };
  node.ends.set(path.method, end);
  end.likeness.add(path.likeness);
  end.seen.push(path.of);
}

function childOf<T>(node: Node<T>, segment: string): Node<T> {
  const child = node.texts.get(segment) ?? emptyNode<T>();
  node.texts.set(segment, child);
  return child;
}

/** `v1`, `v2.1`, `2024-01`: a version of the API is no parameter of a call. */
export function isVersion(segment: string): boolean {
  return (
    /^v\d{1,3}(?:[._]\d{1,3}){0,2}(?:(?:alpha|beta)\d{0,2})?$/i.test(segment) || /^20\d\d-\d\d$/.test(segment)
  );
}

/** What somebody may have called a part of an API. */
function isWordlike(segment: string): boolean {
  return (
    /^[\w.$:@~!'()*,;+-]{1,60}$/.test(segment) && !segment.includes("@") && !/^[A-Z0-9]{10,}$/.test(segment)
  );
}

/** Children that lead to the same things are names of them: `/users/anna/posts`, `/users/ben/posts`. */
function merge<T>(node: Node<T>): void {
  const kinds = new Map<string, string[]>();
  for (const [text, child] of node.texts) {
    const kind = `${isSlug(text) ? "slug" : "word"} ${signature(child)}`;
    kinds.set(kind, [...(kinds.get(kind) ?? []), text]);
  }
  for (const [kind, texts] of kinds) {
    const isSlugs = kind.startsWith("slug");
    const least =
      node.any && signature(node.any.node) === kind.slice(5) && isSlugs ? 1 : isSlugs ? fewSlugs : fewWords;
    if (texts.length < least || texts.some((text) => text === "" || isVersion(text))) continue;
    // Words whose answers say nothing may be anything.
    if (!isSlugs && !kind.includes("=$")) continue;
    node.any ??= { values: new Set(), node: emptyNode() };
    for (const text of texts) {
      const child = node.texts.get(text);
      node.texts.delete(text);
      node.any.values.add(text);
      if (child) join(node.any.node, child);
    }
  }
  for (const child of node.texts.values()) merge(child);
  if (node.any) merge(node.any.node);
}

/** Several words or digits in one: the title of something, rather than the name of a resource. */
function isSlug(text: string): boolean {
  return /\d/.test(text) || text.split("-").length > 2;
}

/** What can be done below a node, and what comes out of it. */
function signature<T>(node: Node<T>): string {
  const ends = [...node.ends]
    .map(([method, { likeness }]) => `${method}=${[...likeness].sort().join("|")}`)
    .sort();
  const below = [...node.texts].map(([text, child]) => `${text}{${signature(child)}}`).sort();
  return `${ends.join(",")};${below.join(",")};${node.any ? `*{${signature(node.any.node)}}` : ""}`;
}

function join<T>(into: Node<T>, from: Node<T>): void {
  for (const [method, { likeness, seen }] of from.ends) {
    const end = into.ends.get(method) ?? { likeness: new Set(), seen: [] };
    into.ends.set(method, end);
    for (const one of likeness) end.likeness.add(one);
    end.seen.push(...seen);
  }
  for (const [text, child] of from.texts) join(childOf(into, text), child);
  if (from.any) {
    into.any ??= { values: new Set(), node: emptyNode() };
    for (const value of from.any.values) into.any.values.add(value);
    join(into.any.node, from.any.node);
  }
}

function gather<T>(node: Node<T>, segments: readonly (string | ReadonlySet<string>)[]): PathPattern<T>[] {
  return [
    ...[...node.ends].map(([method, { seen }]) => ({ segments, method, seen })),
    ...[...node.texts].flatMap(([text, child]) => gather(child, [...segments, text])),
    ...(node.any ? gather(node.any.node, [...segments, node.any.values]) : []),
  ];
}

/** A parameter is called after what stands before it: `/users/42` is `/users/{user_id}`. */
export function parameterName(before: string | undefined): string {
  const word =
    before === undefined || isVersion(before) || /^(?:api|rest)$/i.test(before) ? "" : snakeCase(before);
  return /^[a-z]/.test(word) ? `${singular(word)}_id` : "id";
}

function singular(word: string): string {
  if (/ies$/.test(word) && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/(?:ss|us|is)$/.test(word)) return word;
  if (/(?:ch|sh|x|s)es$/.test(word)) return word.slice(0, -2);
  return word.replace(/s$/, "") || word;
}

/** The schema of a parameter that had these values. */
export function segmentSchema(values: readonly string[]): object {
  if (values.every((value) => /^(?:0|[1-9]\d{0,14})$/.test(value))) return { type: "integer" };
  const formats = new Set(values.map((value) => formatOf(value)));
  const [format] = formats;
  return { type: "string", ...(formats.size === 1 && format === "uuid" ? { format } : {}) };
}
