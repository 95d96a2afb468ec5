/**
 * The schema check: an interpreting validator for JSON Schema 2020-12 that generates no code. Its callers load it
 * with `import()` when the first schema is met.
 */
import type { Json, JsonSchema } from "../../ir.ts";
import { compileSchema } from "./compile.ts";
import { indexReferences } from "./references.ts";
import { newRun, pointer, SchemaBoundError, type SchemaIssue } from "./run.ts";

export { SchemaReferenceError } from "./references.ts";
export type { SchemaIssue } from "./run.ts";

/** Judges a value; no issues means that it fits. At most 20 issues come back. */
export type SchemaCheck = (value: unknown) => readonly SchemaIssue[];

/**
 * Compiles a schema; `schemas` are what `#/schemas/<name>` leads to. Throws
 * `SchemaReferenceError` where a reference leads nowhere. Unknown keywords are ignored, and so are patterns that the linear-time engine cannot run.
 */
export function createSchemaCheck(
  schema: JsonSchema,
  schemas: { readonly [name: string]: JsonSchema },
): SchemaCheck {
  const tracks = [schema, ...Object.values(schemas)].some(mentionsUnevaluated);
  const check = compileSchema(indexReferences(schema, schemas), tracks);
  return (value) => {
    const run = newRun();
    try {
      check(value, run, undefined);
    } catch (error) {
      // RangeError: the value is deeper than the stack where the bound on levels does not count (`uniqueItems`).
      if (!(error instanceof SchemaBoundError || error instanceof RangeError)) throw error;
      const reason = error instanceof SchemaBoundError ? error.message : "the value nests too deep";
      run.issues.push({
        path: pointer(run.path.slice(0, 20)),
        message: `was not checked to the end: ${reason}`,
      });
    }
    return run.issues.slice(0, 20);
  };
}

function mentionsUnevaluated(schema: Json): boolean {
  if (typeof schema !== "object" || schema === null) return false;
  if (Array.isArray(schema)) return schema.some(mentionsUnevaluated);
  return Object.entries(schema).some(
    ([key, inner]) => key.startsWith("unevaluated") || mentionsUnevaluated(inner),
  );
}
