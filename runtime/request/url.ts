import type { Template, UrlOrigin } from "../../schema/ir.ts";
import { encoders } from "./encode.ts";
import { checkAuthority, checkHost } from "./host.ts";
import { missingError, Refused, sourceOf, valueError } from "./refused.ts";
import type { Scope } from "./scope.ts";
import { compileText, type EncoderChoice, type Evaluate, symbolsOf } from "./template.ts";

/** Where a request goes: `https://host[:port]` and the path that a whole base URL brings along (or ""). */
export interface Base {
  readonly origin: string;
  readonly path: string;
}

/** Compiles the scheme, host and port. The last answer is kept: it changes only with settings or credentials. */
export function compileOrigin(origin: UrlOrigin): (scope: Scope) => Base {
  if (origin.kind === "literal") {
    const base = { origin: origin.origin, path: "" };
    return () => base;
  }
  const template = origin.kind === "host" ? origin.authority : origin.base;
  const evaluate =
    origin.kind === "host" && template.parts.length > 1
      ? required(withHostTail(template), tailContexts)
      : required(template);
  const source = firstSource(template);
  const parse =
    origin.kind === "host"
      ? (text: string) => ({
          origin: canonical(origin.scheme, checkAuthority(text, origin.scheme)),
          path: "",
        })
      : parseBase;
  let lastText: string | undefined;
  let last: Base | undefined;
  return (scope) => {
    const text = evaluate(scope);
    if (last === undefined || text !== lastText) {
      try {
        last = parse(text);
      } catch (thrown) {
        if (thrown instanceof Refused) throw valueError(source, thrown.message);
        throw thrown;
      }
      lastText = text;
    }
    return last;
  };
}

/** Compiles the path. What is left of a hole's value is percent-encoded and cannot add, drop or climb segments. */
export function compilePath(path: Template): (scope: Scope) => string {
  const evaluate = required(path);
  if (path.parts.every((part, at) => typeof part === "string" || isWholeSegment(path.parts, at)))
    return evaluate;
  const source = firstSource(path);
  return (scope) => {
    const text = evaluate(scope);
    // `/{a}{b}` with "." and ".": each is fine alone, together they climb.
    if (text.includes("/.") && /\/\.{1,2}(?:\/|$)/.test(text))
      throw valueError(source, "would make a path segment of dots");
    return text;
  };
}

/** A hole between two slashes, whose encoder alone refuses segments of dots. */
function isWholeSegment(parts: Template["parts"], at: number): boolean {
  const hole = parts[at];
  const before = parts[at - 1];
  const after = parts[at + 1];
  if (typeof hole !== "object" || (hole.kind === "ref" && hole.style)) return false;
  if (hole.context !== "path" && hole.context !== "path_slashes") return false;
  if (typeof before !== "string" || !before.endsWith("/")) return false;
  return after === undefined || (typeof after === "string" && after.startsWith("/"));
}

/** True where a response (an extract, a token) or a member of a key file takes part in the destination. */
export function isForeign(origin: UrlOrigin): boolean {
  if (origin.kind === "literal") return false;
  const template = origin.kind === "host" ? origin.authority : origin.base;
  return symbolsOf(template).some(
    (symbol) =>
      symbol.kind === "extract" ||
      symbol.kind === "oauth" ||
      symbol.kind === "token" ||
      (symbol.kind === "credential" && symbol.member !== undefined),
  );
}

/** A hole that ends a longer host, as in `api.{domain}`, may bring several labels: nothing after it is overridden. */
function withHostTail({ parts }: Template): Template {
  const last = parts.at(-1);
  if (parts.length < 2 || last === undefined || typeof last === "string" || last.context !== "host")
    return { parts };
  return { parts: [...parts.slice(0, -1), { ...last, context: "authority" }] };
}

/** In a host of several parts only a tail has this context. */
const tailContexts: EncoderChoice = (context) => (context === "authority" ? checkHost : encoders[context]);

/** In a URL nothing may be missing. */
function required(template: Template, choose?: EncoderChoice): (scope: Scope) => string {
  const evaluate: Evaluate<string> = compileText(template, choose);
  return (scope) => {
    const text = evaluate(scope);
    if (text === undefined) throw missingIn(template, scope);
    return text;
  };
}

function missingIn(template: Template, scope: Scope): Error {
  for (const part of template.parts) {
    if (typeof part === "string" || compileText({ parts: [part] })(scope) !== undefined) continue;
    const source = sourceOf(part);
    if (source) return missingError(source);
  }
  return valueError(undefined, "in the URL is absent");
}

function firstSource(template: Template): ReturnType<typeof sourceOf> {
  for (const part of template.parts) if (typeof part !== "string") return sourceOf(part);
  return undefined;
}

/** A whole base URL: scheme, host, perhaps a path; nothing else (`http` is judged by the network rules). */
function parseBase(text: string): Base {
  const match = /^(https?):\/\/([^/?#\\@\s]+)(\/[^?#\\\s]*)?$/i.exec(text);
  if (!match) {
    throw new Refused(
      "is no base URL. Give https:// and a host, perhaps a path, without user name, query or fragment",
    );
  }
  const scheme = match[1]?.toLowerCase() === "http" ? "http" : "https";
  const path = (match[3] ?? "").replace(/\/+$/, "");
  if (/\/(?:\.|%2e){1,2}(?:\/|$)/i.test(path) || /[^\x21-\x7e]/.test(path)) {
    throw new Refused("has a path with dot segments or characters that are not percent-encoded");
  }
  return { origin: canonical(scheme, checkAuthority(match[2] ?? "", scheme)), path };
}

/** One spelling of an origin (`[::1]`, not `[0:0:0:0:0:0:0:1]`): what a response names is compared with it. */
function canonical(scheme: "https" | "http", authority: string): string {
  const text = `${scheme}://${authority}`;
  if (!URL.canParse(text)) throw new Refused("is no host name and no IP address");
  return new URL(text).origin;
}
