import type { Context, Entry, Hole, Template, UrlOrigin, UrlTemplate } from "../../schema/ir.ts";
import type { ParsedPart } from "../../schema/language/template.ts";
import { inStyle } from "../validate/words.ts";
import type { Cursor } from "./cursor.ts";
import type { Lowering, Owner } from "./lowering.ts";
import type { Scope } from "./scope.ts";
import { bindParts, type Place, parseAt } from "./templates.ts";
import { baseProblem, literalProblem, looksLikeHost, type UrlProblem } from "./url-problems.ts";

/** A part of a URL with the place it was written at: the endpoint's own text or that of `base_url`. */
interface Sourced {
  readonly part: ParsedPart;
  readonly at: Cursor;
}

export interface LoweredUrl {
  readonly url: UrlTemplate;
  /** The query that the URL brings. */
  readonly query: readonly Entry[];
}

interface UrlPlace {
  readonly scope: Scope;
  readonly owner: Owner;
  readonly section: string;
}

/** Splits a URL template into origin, path and query, and binds each hole in the context of its place. */
export function lowerUrl(lowering: Lowering, endpoint: Cursor, place: UrlPlace): LoweredUrl | undefined {
  const parts = withBase(lowering, endpoint, place);
  if (!parts) return undefined;
  const split = splitUrl(lowering, parts, place);
  if (!split) return undefined;
  const origin = lowerOrigin(lowering, split, place);
  const path = lowerPath(lowering, split.path, split.kind === "base", place);
  const query = lowerQuery(lowering, split.query, place);
  return origin && path && query ? { url: { origin, path }, query } : undefined;
}

/** The parts of the endpoint, behind those of `base_url` where it is relative. */
function withBase(lowering: Lowering, endpoint: Cursor, place: UrlPlace): Sourced[] | undefined {
  const parsed = parseAt(lowering, endpoint, place);
  if (!parsed) return undefined;
  const own = parsed.parts.map((part) => ({ part, at: endpoint }));
  const first = parsed.parts[0];
  const odd = literalProblem(parsed.parts);
  if (odd) return refuse(lowering, endpoint, place, odd);
  if (first?.kind !== "text" || /^[a-z][a-z0-9+.-]*:\/\//i.test(first.text)) return own;
  if (looksLikeHost(first.text)) {
    const host = /^[^/]*/.exec(first.text)?.[0] ?? "";
    lowering.report({
      rule: "url/scheme",
      path: endpoint.path,
      message: `"${host}" looks like a host without a scheme.`,
      help: `Write https://${host}, or a slash before it if it is a path.`,
      ...(endpoint.scalar
        ? { replace: inStyle(`https://${endpoint.string() ?? host}`, endpoint.scalar) }
        : {}),
    });
    lowering.markUnresolved(place.owner);
    return undefined;
  }
  const base = lowering.declared.root.at("base_url");
  if (base.exists) {
    if (lowering.isBroken(base.path)) {
      lowering.markUnresolved(place.owner);
      return undefined;
    }
    const before = baseParts(lowering, base, place);
    return (
      before &&
      joinSlash(
        before.map((part) => ({ part, at: base })),
        own,
      )
    );
  }
  const hole: ParsedPart = { kind: "name", path: ["base_url"], start: first.start, end: first.end };
  return joinSlash([{ part: hole, at: endpoint }], own);
}

/** What is right, and holds nothing that names could make a finding of, is the same for every request. */
function baseParts(lowering: Lowering, base: Cursor, place: UrlPlace): readonly ParsedPart[] | undefined {
  if (lowering.base) return lowering.base;
  const parsed = parseAt(lowering, base, place);
  const wrong = parsed && (literalProblem(parsed.parts) ?? baseProblem(parsed.parts));
  if (wrong) return refuse(lowering, base, place, wrong);
  if (!/\{\{|\$\{/.test(base.string() ?? "")) lowering.base = parsed?.parts;
  return parsed?.parts;
}

function refuse(lowering: Lowering, at: Cursor, place: UrlPlace, problem: UrlProblem): undefined {
  lowering.report({ path: at.path, ...problem, rule: problem.rule ?? "url/invalid" });
  lowering.markUnresolved(place.owner);
  return undefined;
}

/** Exactly one slash where the base ends and the endpoint begins. */
function joinSlash(base: readonly Sourced[], own: readonly Sourced[]): Sourced[] {
  const last = base.at(-1);
  const first = own[0];
  if (first?.part.kind !== "text") return [...base, ...own];
  const ends = last?.part.kind === "text" && last.part.text.endsWith("/");
  const begins = first.part.text.startsWith("/");
  if (ends && begins)
    return [
      ...base,
      { at: first.at, part: { ...first.part, text: first.part.text.slice(1), start: first.part.start + 1 } },
      ...own.slice(1),
    ];
  if (!ends && !begins)
    return [...base, { at: first.at, part: { ...first.part, text: "/", end: first.part.start } }, ...own];
  return [...base, ...own];
}

interface SplitUrl {
  readonly kind: "literal" | "base";
  readonly scheme: "https" | "http" | undefined;
  /** Where the URL begins. */
  readonly at: Cursor;
  readonly origin: readonly Sourced[];
  readonly path: readonly Sourced[];
  readonly query: readonly Sourced[];
}

function splitUrl(lowering: Lowering, parts: readonly Sourced[], place: UrlPlace): SplitUrl | undefined {
  const first = parts[0];
  if (!first) return undefined;
  const fail = (
    at: Cursor,
    message: string,
    help: string,
    rule: "url/scheme" | "url/invalid" = "url/invalid",
  ): undefined => {
    lowering.report({ rule, path: at.path, message, help });
    lowering.markUnresolved(place.owner);
    return undefined;
  };
  let scheme: "https" | "http" | undefined;
  let rest = parts;
  if (first.part.kind === "text") {
    const match = /^([a-z][a-z0-9+.-]*):\/\//i.exec(first.part.text);
    const name = match?.[1]?.toLowerCase();
    // A hole in another notation was told of as such.
    if (
      !match &&
      /^[{$<%:]/.test(first.part.text) &&
      lowering.hasUnresolved(place.owner.kind, place.owner.id)
    )
      return undefined;
    if (name !== "https" && name !== "http") {
      return fail(
        first.at,
        match
          ? `\`${name}\` is no scheme of an API.`
          : "A URL begins with https:// or with a value that holds the whole base URL.",
        "Write https://.",
        "url/scheme",
      );
    }
    scheme = name;
    rest = [textAfter(first, match?.[0].length ?? 0), ...parts.slice(1)];
  } else if (!startsBase(parts)) {
    return fail(
      first.at,
      "What follows this value does not begin with a slash.",
      "Write https:// before a host, or / after a value that holds the whole base URL.",
      "url/scheme",
    );
  }
  const [origin, afterOrigin] = takeUntil(rest, scheme ? /[/?#]/ : /(?<![:/])[/?#](?!\/)/);
  const [path, afterPath] = takeUntil(afterOrigin, /[?#]/);
  const fragment = afterPath.find(({ part }) => part.kind === "text" && part.text.includes("#"));
  if (fragment)
    return fail(
      fragment.at,
      "A URL here has no fragment: it is never sent.",
      "Remove the # and what follows it, or write it as %23.",
    );
  return {
    kind: scheme ? "literal" : "base",
    at: first.at,
    scheme,
    origin,
    path,
    query: afterPath.length > 0 ? dropFirst(afterPath) : [],
  };
}

/** A hole that opens a URL holds the base URL, or a scheme before `://`. */
function startsBase(parts: readonly Sourced[]): boolean {
  const next = parts[1]?.part;
  return next === undefined || (next.kind === "text" && /^(?:[/?#]|:\/\/)/.test(next.text));
}

function textAfter({ part, at }: Sourced, length: number): Sourced {
  return part.kind === "text"
    ? { at, part: { ...part, text: part.text.slice(length), start: part.start + length } }
    : { part, at };
}

/** The parts before the first character that matches in a literal, and the rest from it on. */
function takeUntil(parts: readonly Sourced[], stop: RegExp): [Sourced[], Sourced[]] {
  const taken: Sourced[] = [];
  for (const [index, sourced] of parts.entries()) {
    const { part, at } = sourced;
    const found = part.kind === "text" ? part.text.search(stop) : -1;
    if (part.kind !== "text" || found < 0) {
      if (part.kind !== "text" || part.text !== "") taken.push(sourced);
      continue;
    }
    if (found > 0)
      taken.push({ at, part: { ...part, text: part.text.slice(0, found), end: part.start + found } });
    return [taken, [textAfter(sourced, found), ...parts.slice(index + 1)]];
  }
  return [taken, []];
}

function dropFirst(parts: readonly Sourced[]): Sourced[] {
  const [first, ...rest] = parts;
  return first ? [textAfter(first, 1), ...rest] : [];
}

function lowerOrigin(lowering: Lowering, split: SplitUrl, place: UrlPlace): UrlOrigin | undefined {
  const { origin, scheme } = split;
  if (!scheme) {
    const base = bindSourced(lowering, origin, place, () => "base_url");
    return base && { kind: "base", base };
  }
  const text = origin.map(({ part }) => (part.kind === "text" ? part.text : "x")).join("");
  const isLiteral = origin.every(({ part }) => part.kind === "text");
  const known = isLiteral ? lowering.origins.get(`${scheme}://${text}`) : undefined;
  if (known) return known;
  const problem = lowering.authorityProblem(text, !isLiteral);
  // Doubled braces, and a dollar sign before a hole, have been told of.
  const told = /[{$]/.test(text) && lowering.hasUnresolved(place.owner.kind, place.owner.id);
  if (problem) return told ? undefined : refuse(lowering, split.at, place, problem);
  if (isLiteral) {
    const literal: UrlOrigin = { kind: "literal", origin: new URL(`${scheme}://${text}`).origin };
    lowering.origins.set(`${scheme}://${text}`, literal);
    return literal;
  }
  const next = origin[1]?.part;
  // `{host}` and `{host}:8443`: a value there is all of the host.
  const whole = next === undefined || (next.kind === "text" && next.text.startsWith(":"));
  let port = false;
  const authority = bindSourced(lowering, origin, place, (before) => {
    port ||= before.includes(":");
    return port ? "port" : whole ? "authority" : "host";
  });
  return authority && { kind: "host", scheme, authority };
}

function lowerPath(
  lowering: Lowering,
  parts: readonly Sourced[],
  underBase: boolean,
  place: UrlPlace,
): Template | undefined {
  if (parts.length === 0) return { parts: underBase ? [] : ["/"] };
  reportDotSegments(lowering, parts);
  reportEmptySegment(lowering, parts);
  return bindSourced(lowering, parts, place, () => "path", encodeLiteralPath);
}

/** Literal segments `.` and `..` are folded by every URL parser: the request would go elsewhere. */
function reportDotSegments(lowering: Lowering, parts: readonly Sourced[]): void {
  if (!parts.some(({ part }) => part.kind === "text" && /\.|%2e/i.test(part.text))) return;
  const text = parts.map(({ part }) => (part.kind === "text" ? part.text : "\u0000")).join("");
  if (!text.split("/").some(isDotSegment)) return;
  const found =
    parts.find(({ part }) => part.kind === "text" && part.text.split("/").some(isDotSegment)) ?? parts[0];
  if (!found) return;
  lowering.report({
    rule: "url/dot-segment",
    path: found.at.path,
    message: "A path segment `.` or `..` is folded away before the request is sent.",
    help: "Write the path that is meant.",
  });
}

/** Behind a colon two slashes are those of a URL within the path. */
function reportEmptySegment(lowering: Lowering, parts: readonly Sourced[]): void {
  const found = parts.find(({ part }) => part.kind === "text" && /(?<!:)\/\//.test(part.text));
  if (!found) return;
  lowering.report({
    rule: "url/empty-segment",
    path: found.at.path,
    message: "Two slashes stand in a row in the path, with nothing between them.",
    help: "Remove one of them; where a name is missing, write it.",
  });
}

function isDotSegment(segment: string): boolean {
  return /^(?:\.|%2e){1,2}$/i.test(segment);
}

/** What may not stand in a path is percent-encoded; what the author encoded stays. */
function encodeLiteralPath(text: string): string {
  if (/^[\w\-.~/]*$/.test(text)) return text;
  return encodeURI(text.toWellFormed())
    .replace(/%25([0-9A-Fa-f]{2})/g, "%$1")
    .replaceAll("%5B", "[")
    .replaceAll("%5D", "]")
    .replaceAll("?", "%3F")
    .replaceAll("#", "%23")
    .replaceAll("[", "%5B")
    .replaceAll("]", "%5D");
}

function lowerQuery(lowering: Lowering, parts: readonly Sourced[], place: UrlPlace): Entry[] | undefined {
  const entries: Entry[] = [];
  for (const pair of splitAt(parts, "&")) {
    const [name, value] = takeUntil(pair, /=/);
    const hole = name.find(({ part }) => part.kind !== "text");
    if (hole) {
      lowering.report({
        rule: "url/invalid",
        path: hole.at.path,
        message: "The name of a query parameter must be literal.",
        help: "Write ?name={value}, or declare a parameter with location: query.",
      });
      lowering.markUnresolved(place.owner);
      return undefined;
    }
    const text = name.map(({ part }) => (part.kind === "text" ? part.text : "")).join("");
    if (text === "" && value.length === 0) continue;
    const bound = bindSourced(
      lowering,
      value.length > 0 ? dropFirst(value) : [],
      { ...place, section: "query of the URL" },
      () => "query",
      encodeLiteralQuery,
    );
    if (!bound) return undefined;
    const bare = value.length === 0 ? { bare: true as const } : {};
    entries.push({ kind: "template", name: decodeName(text), value: bound, ...bare });
  }
  return entries;
}

function splitAt(parts: readonly Sourced[], separator: string): Sourced[][] {
  const groups: Sourced[][] = [[]];
  for (const sourced of parts) {
    const { part, at } = sourced;
    if (part.kind !== "text") {
      groups.at(-1)?.push(sourced);
      continue;
    }
    let start = part.start;
    for (const [index, piece] of part.text.split(separator).entries()) {
      if (index > 0) groups.push([]);
      if (piece)
        groups.at(-1)?.push({ at, part: { kind: "text", text: piece, start, end: start + piece.length } });
      start += piece.length + 1;
    }
  }
  return groups.filter((group) => group.length > 0);
}

function decodeName(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}

/** Literal text of an endpoint's own query: kept as encoded by the author. */
function encodeLiteralQuery(text: string): string {
  return text.toWellFormed().replace(/[^\w\-.~!$'()*,;:@/?+%=]/gu, (char) => encodeURIComponent(char));
}

function bindSourced(
  lowering: Lowering,
  parts: readonly Sourced[],
  place: UrlPlace,
  contextOf: (before: string) => Context,
  literal?: (text: string) => string,
): Template | undefined {
  const bound: (string | Hole)[] = [];
  let before = "";
  let whole = true;
  let bindAt: Place | undefined;
  for (const { part, at } of parts) {
    if (part.kind === "text") {
      before += part.text;
      add(bound, literal ? literal(part.text) : part.text);
      continue;
    }
    const context = contextOf(before);
    if (bindAt?.context !== context) bindAt = { ...place, context, ...(literal ? { literal } : {}) };
    const one = bindParts(lowering, [part], at, bindAt);
    if (!one) whole = false;
    else for (const piece of one.parts) add(bound, piece);
  }
  return whole ? { parts: bound } : undefined;
}

/** Text behind text is one piece. */
function add(bound: (string | Hole)[], piece: string | Hole): void {
  const last = bound.at(-1);
  if (typeof piece === "string" && typeof last === "string") bound[bound.length - 1] = last + piece;
  else bound.push(piece);
}
