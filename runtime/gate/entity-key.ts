import type { Parameters } from "../connection/connection.ts";
import { reveal } from "../secrets/secret.ts";

/** A text with parameters in it, such as `ticket:{id}`: calls that make the same text are about the same thing. */
export interface EntityKey {
  readonly parts: readonly (string | { readonly parameter: string })[];
}

/** Undefined where the text is no such template: a brace that is not closed, or nothing between two. */
export function parseEntityKey(text: string): EntityKey | undefined {
  const parts: EntityKey["parts"][number][] = [];
  let at = 0;
  for (const { 0: hole, 1: parameter, index } of text.matchAll(/\{([^{}]+)\}/g)) {
    if (index > at) parts.push(text.slice(at, index));
    if (parameter !== undefined) parts.push({ parameter });
    at = index + hole.length;
  }
  if (at < text.length) parts.push(text.slice(at));
  const literal = parts.filter((part) => typeof part === "string").join("");
  return text === "" || /[{}]/.test(literal) ? undefined : { parts };
}

/**
 * The key of a call, as JSON, so that no value can look like two; or the parameter that is missing or is no plain value. The
 * key may hold secrets.
 */
export function entityOf(
  { parts }: EntityKey,
  parameters: Parameters,
): { readonly key: string } | { readonly missing: string } {
  const made: string[] = [];
  for (const part of parts) {
    if (typeof part === "string") {
      made.push(part);
      continue;
    }
    const value = Object.hasOwn(parameters, part.parameter) ? reveal(parameters[part.parameter]) : undefined;
    if (typeof value !== "string" && typeof value !== "number" && typeof value !== "bigint")
      return { missing: part.parameter };
    made.push(String(value));
  }
  return { key: JSON.stringify(made) };
}
