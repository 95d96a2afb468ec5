import type { Exchange, Hole, Template } from "../../schema/ir.ts";
import { symbolName } from "../../schema/language/symbol-name.ts";
import { scrub } from "../secrets/scrub.ts";

/** The path as its author wrote it, with names for values: `/tickets/{id}`. Of few kinds, whatever is called. */
export function urlTemplate({ url }: Pick<Exchange, "url">): string {
  return textOf(url.path) || "/";
}

/**
 * `origin` and `path` (with its query) as `url.full` of a span: values of the query are left out, what secrets made is
 * blotted out, and a path with a secret in it is told by its template.
 */
export function safeUrl(
  origin: string,
  path: string,
  exchange: Pick<Exchange, "url">,
  secrets: readonly unknown[],
): string {
  const at = path.indexOf("?");
  const plain = at < 0 ? path : path.slice(0, at);
  const shown = exchange.url.path.parts.some(isSecret) ? urlTemplate(exchange) : plain;
  const query = at < 0 ? "" : `?${withoutValues(path.slice(at + 1))}`;
  return scrub(`${origin}${shown}${query}`, secrets);
}

function textOf({ parts }: Template): string {
  return parts.map((part) => (typeof part === "string" ? part : `{${nameOf(part)}}`)).join("");
}

function nameOf(hole: Hole): string {
  return hole.kind === "call" ? hole.function : symbolName(hole.symbol);
}

function isSecret(part: string | Hole): boolean {
  return typeof part !== "string" && part.secret;
}

function withoutValues(query: string): string {
  return query
    .split("&")
    .map((entry) => {
      const at = entry.indexOf("=");
      return at < 0 ? "REDACTED" : `${entry.slice(0, at)}=REDACTED`;
    })
    .join("&");
}
