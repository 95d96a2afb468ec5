import { type MapNode, type Node, type Pointer, pointerText } from "../read/tree.ts";
import { doubledKey } from "./broken-marks.ts";
import type { Telling } from "./outcome.ts";
import { intended } from "./spelling.ts";
import { tellTwins } from "./twins.ts";
import { asWritten } from "./words.ts";

/** What stands below a keyword: a schema, a list of schemas, a map of them by author-chosen names, or data. */
type Below = "schema" | "list" | "map" | "data";

/** JSON Schema 2020-12, what draft-07 called otherwise and still works, and OpenAPI's annotations. */
const keywords: ReadonlyMap<string, Below> = new Map<string, Below>([
  ...below("schema", "not if then else items additionalProperties contains propertyNames"),
  ...below("schema", "unevaluatedItems unevaluatedProperties contentSchema"),
  ...below("list", "allOf anyOf oneOf prefixItems"),
  ...below("map", "properties patternProperties $defs definitions dependentSchemas dependencies"),
  ...below("data", "$schema $id $ref $anchor $dynamicRef $dynamicAnchor $vocabulary $comment"),
  ...below("data", "type enum const multipleOf maximum exclusiveMaximum minimum exclusiveMinimum"),
  ...below("data", "maxLength minLength pattern maxItems minItems uniqueItems maxContains minContains"),
  ...below("data", "maxProperties minProperties required dependentRequired format"),
  ...below(
    "data",
    "contentEncoding contentMediaType title description default deprecated readOnly writeOnly",
  ),
  ...below("data", "examples $recursiveRef $recursiveAnchor discriminator xml externalDocs example"),
]);

function below(kind: Below, names: string): readonly (readonly [string, Below])[] {
  return names.split(" ").map((name) => [name, kind] as const);
}

/** What replaces a keyword of OpenAPI 3.0 or of an older draft. */
const successors: Readonly<Record<string, string>> = {
  nullable: 'Add "null" to `type`: `type: [string, "null"]`.',
  additionalItems: "Use `prefixItems` for the first entries and `items` for the rest.",
  id: "Use `$id`.",
  property: "Use `properties`.",
  props: "Use `properties`.",
  divisibleBy: "Use `multipleOf`.",
  extends: "Use `allOf`.",
};

export function isKeyword(name: string): boolean {
  return keywords.has(name) || name.startsWith("x-");
}

/** Warns of every keyword that is not known, at any depth of a schema. */
export function tellUnknownKeywords(node: Node, to: Pointer, telling: Telling): void {
  if (node.kind !== "map") return;
  // Where two maps have run into one, the second one's keys are no keywords.
  const isTwo = isBroken(to, doubledKey, telling);
  const homeless = isTwo ? none : withoutProperties(node);
  tellMissingProperties(node, homeless, to, telling);
  for (const { key, keySpan, value } of node.entries) {
    if (key === "enum" && value.kind === "list")
      tellTwins(value, telling.original([...to, key]), telling.report);
    const kind = keywords.get(key);
    if (kind) descend(value, [...to, key], kind, telling);
    else if (!isTwo && !key.startsWith("x-") && !homeless.has(key) && !isBroken(to, key, telling)) {
      const path = telling.original([...to, key]);
      telling.report({
        rule: "schema/unknown-keyword",
        path,
        at: "key",
        span: keySpan,
        message: `\`${key}\` is no keyword of JSON Schema 2020-12; it has no effect.`,
        yields: keySpan,
        advice: () => advise(key, keySpan, value),
      });
    }
  }
}

/** Names of one map that look like properties, where there are several: what they lack is the key above them. */
function withoutProperties({ entries }: MapNode): ReadonlySet<string> {
  if (entries.every(({ key }) => isKeyword(key))) return none;
  const names = entries.flatMap(({ key, value }) =>
    !isKeyword(key) && !Object.hasOwn(successors, key) && value.kind === "map" && isSchemaLike(value)
      ? key
      : [],
  );
  return names.length > 1 ? new Set(names) : none;
}

const none: ReadonlySet<string> = new Set();

function tellMissingProperties(
  { entries }: MapNode,
  homeless: ReadonlySet<string>,
  to: Pointer,
  { report, original }: Telling,
): void {
  const first = entries.find(({ key }) => homeless.has(key));
  if (!first) return;
  const names = [...homeless].map((name) => `\`${name}\``);
  const shown = names.length > 4 ? [...names.slice(0, 3), `${names.length - 3} more`] : names;
  report({
    rule: "schema/unknown-keyword",
    path: original([...to, first.key]),
    at: "key",
    span: first.keySpan,
    message: `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)} are no keywords of JSON Schema 2020-12; they have no effect.`,
    help: "Put them under `properties`, if they describe properties.",
  });
}

function isBroken(to: Pointer, key: string, { broken }: Telling): boolean {
  return broken.size > 0 && broken.has(pointerText([...to, key]));
}

function advise(key: string, span: Node["span"], value: Node): { help: string; replace?: string } {
  const successor = Object.hasOwn(successors, key) ? successors[key] : undefined;
  if (successor) return { help: successor };
  const meant = intended(key, [...keywords.keys()]);
  const isSchema = value.kind === "map" && isSchemaLike(value);
  if (meant && !(isSchema && keywords.get(meant) === "data"))
    return { help: `Did you mean \`${meant}\`?`, replace: asWritten(meant, key, span) };
  if (isSchema) return { help: `Put it under \`properties\`, if it describes a property \`${key}\`.` };
  return { help: "Remove it, or begin its name with `x-`." };
}

function isSchemaLike({ entries }: MapNode): boolean {
  return entries.some(({ key }) => keywords.has(key));
}

function descend(node: Node, to: Pointer, kind: Below, telling: Telling): void {
  if (kind === "schema") tellUnknownKeywords(node, to, telling);
  if (kind === "list" && node.kind === "list") {
    for (const [index, item] of node.items.entries()) tellUnknownKeywords(item, [...to, index], telling);
  }
  if (kind === "map" && node.kind === "map") {
    for (const { key, value } of node.entries) tellUnknownKeywords(value, [...to, key], telling);
  }
}
