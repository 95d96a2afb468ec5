import type { Json, JsonSchema, Operation } from "../ir.ts";
import { resolveReference, type Schemas } from "../language/schema-reference.ts";
import { referencesIn } from "./recursion.ts";

/**
 * Bytes of the tool that an operation would be word by word: its whole description, its parameters as they stand, and every
 * schema that they lead to, each once. Without its answer.
 */
export function naiveBytes({ id, summary, description, parameters }: Operation, schemas: Schemas): number {
  const properties = Object.fromEntries(
    parameters.map((parameter): [string, Json] => {
      const { name, type, schema, description: said } = parameter;
      const own = typeof schema === "object" ? schema : { type };
      return [name, said === undefined ? own : { ...own, description: said }];
    }),
  );
  const inputSchema: JsonSchema = { type: "object", properties };
  return (
    bytesOf({ name: id, description: description ?? summary, inputSchema }) + reached(inputSchema, schemas)
  );
}

function reached(start: JsonSchema, schemas: Schemas): number {
  const seen = new Set<JsonSchema>();
  const open = [{ schema: start, root: start }];
  let bytes = 0;
  for (let at = open.pop(); at !== undefined; at = open.pop())
    for (const reference of referencesIn(at.schema)) {
      const target = resolveReference(reference, { schemas, root: at.root });
      if (!target || seen.has(target.schema)) continue;
      seen.add(target.schema);
      bytes += bytesOf({ [target.name]: target.schema });
      open.push(target);
    }
  return bytes;
}

function bytesOf(value: Json): number {
  return new TextEncoder().encode(JSON.stringify(value)).length;
}
