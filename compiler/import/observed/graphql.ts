/** GraphQL over HTTP: what a body asks for, as a template over its variables. */
import type { Body } from "../../../schema/descriptor.ts";
import { at, isMap, mapAt, textAt } from "../plain-data.ts";
import { literal } from "../request/mustache.ts";
import { isHarmless, isSecretName } from "./secrecy.ts";

export interface GraphqlCall {
  readonly query: string;
  /** Of the operation, where it has one. */
  readonly name: string | undefined;
  readonly kind: "query" | "mutation" | "subscription";
  readonly variables: { readonly [name: string]: unknown };
}

/** The call that a body of JSON makes; undefined for other bodies. */
export function graphqlCall(body: unknown): GraphqlCall | undefined {
  const query = textAt(body, "query");
  if (query === undefined) return undefined;
  const heads = outside(query);
  const [, kind, own] = /\b(query|mutation|subscription)\b\s*([A-Za-z_]\w*)?/.exec(heads) ?? [];
  if (kind === undefined && (heads.trim() !== "" || !query.includes("{"))) return undefined;
  const variables = at(body, "variables");
  return {
    query,
    name: textAt(body, "operationName") ?? own,
    kind: kind === "mutation" || kind === "subscription" ? kind : "query",
    variables: isMap(variables) ? mapAt(body, "variables") : {},
  };
}

/** What stands outside of all braces and parentheses: the heads of operations and fragments. */
function outside(query: string): string {
  let depth = 0;
  let out = "";
  for (const char of query.replace(/"(?:[^"\\\n]|\\.)*"/g, " ").replace(/#[^\n]*/g, "")) {
    if (char === "{" || char === "(") depth += 1;
    else if (char === "}" || char === ")") depth -= 1;
    else if (depth === 0) out += char;
  }
  return out;
}

/** Whether the text holds no value but such as anyone may read: what is somebody's own comes by variables. */
export function isSafeQuery(query: string, isSecret: (text: string) => boolean): boolean {
  const bare = query.replace(/#[^\n]*/g, "");
  if (bare.includes('"""') || isSecret(bare)) return false;
  for (const [, name = "", text = ""] of bare.matchAll(/(?:(\w+)\s*:\s*)?"((?:[^"\\]|\\.)*)"/g))
    if (!isHarmless(name, text)) return false;
  for (const [, name = ""] of bare.matchAll(/(\w+)\s*:\s*-?\d/g)) if (isSecretName(name)) return false;
  return true;
}

/** The body with the variables' holes; `names` are those that are known. */
export function graphqlBody(
  { query, name }: GraphqlCall,
  names: readonly string[],
): (hole: (property: string) => string) => Body {
  return (hole) => ({
    query: { $raw: query },
    ...(name === undefined ? {} : { operationName: literal(name) }),
    ...(names.length > 0
      ? { variables: Object.fromEntries(names.map((variable) => [variable, hole(variable)])) }
      : {}),
  });
}
