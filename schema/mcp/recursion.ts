import type { Json, JsonSchema } from "../ir.ts";
import { resolveReference, type Schemas, type Target } from "../language/schema-reference.ts";

/** A finder that says of a schema whether following its references leads back to it. Answers are kept. */
export function createRecursionFinder(schemas: Schemas): (target: Target) => boolean {
  const references = new Map<JsonSchema, readonly Target[]>();
  const answers = new Map<JsonSchema, boolean>();

  const referencesOf = (target: Target): readonly Target[] => {
    const known = references.get(target.schema);
    if (known) return known;
    const found = referencesIn(target.schema).flatMap((reference) => {
      const to = resolveReference(reference, { schemas, root: target.root });
      return to ? [to] : [];
    });
    references.set(target.schema, found);
    return found;
  };

  const leadsBack = (start: Target): boolean => {
    const seen = new Set<JsonSchema>();
    const open = [...referencesOf(start)];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (at.schema === start.schema) return true;
      if (seen.has(at.schema)) continue;
      seen.add(at.schema);
      open.push(...referencesOf(at));
    }
    return false;
  };

  return (target) => {
    const known = answers.get(target.schema);
    if (known !== undefined) return known;
    const answer = leadsBack(target);
    answers.set(target.schema, answer);
    return answer;
  };
}

/** Every `$ref` inside a schema, wherever it stands; one in an example costs a look, no more. */
export function referencesIn(schema: JsonSchema): readonly string[] {
  const found: string[] = [];
  const open: Json[] = [schema];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (typeof at !== "object" || at === null) continue;
    for (const [key, value] of Object.entries(at))
      if (key === "$ref" && typeof value === "string") found.push(value);
      else if (typeof value === "object" && value !== null) open.push(value);
  }
  return found;
}
