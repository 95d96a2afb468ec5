/**
 * The schema check: an interpreting validator for JSON Schema 2020-12 that generates no code. Its callers load it
 * with `import()` when the first schema is met.
 */
import type { Json, JsonSchema } from "../../ir.ts";
import { compileSchema, type Direction } from "./compile.ts";
import { indexReferences, SchemaReferenceError } from "./references.ts";
import { newRun, pointer, SchemaBoundError, type SchemaIssue } from "./run.ts";

export { SchemaReferenceError } from "./references.ts";
export type { SchemaIssue } from "./run.ts";

/** Judges a value; no issues means that it fits. At most 20 issues come back. */
export type SchemaCheck = (value: unknown) => readonly SchemaIssue[];

/**
 * Compiles a schema; `schemas` are what `#/schemas/<name>` leads to. Throws `SchemaReferenceError` where a reference of
 * the schema's own leads nowhere; what references lead to is compiled when a value first gets there, and a reference
 * of theirs that leads nowhere is an issue then. Unknown keywords are ignored, and so are patterns that the linear-time
 * engine cannot run. With a `direction`, a property that is `readOnly` need not stand in a request, though it is required,
 * nor one that is `writeOnly` in a response.
 */
export function createSchemaCheck(
  schema: JsonSchema,
  schemas: { readonly [name: string]: JsonSchema },
  direction?: Direction,
): SchemaCheck {
  const tracks = mentionsUnevaluated(schema) || anyMentionsUnevaluated(schemas);
  const check = compileSchema(indexReferences(schema, schemas), tracks, direction);
  return (value) => {
    const run = newRun();
    try {
      check(value, run, undefined);
    } catch (error) {
      const reason = reasonToStop(error);
      if (reason === undefined) throw error;
      run.issues.push({
        path: pointer(run.path.slice(0, 20)),
        message: `was not checked to the end: ${reason}`,
      });
    }
    return run.issues.slice(0, 20);
  };
}

function reasonToStop(error: unknown): string | undefined {
  if (error instanceof SchemaBoundError || error instanceof SchemaReferenceError) return error.message;
  // The value is deeper than the stack where the bound on levels does not count (`uniqueItems`).
  return error instanceof RangeError ? "the value nests too deep" : undefined;
}

/** Shared schemas are many, and each operation of a connector asks. */
const askedAlready = new WeakMap<object, boolean>();

function anyMentionsUnevaluated(schemas: { readonly [name: string]: JsonSchema }): boolean {
  const known = askedAlready.get(schemas);
  if (known !== undefined) return known;
  const answer = Object.values(schemas).some(mentionsUnevaluated);
  askedAlready.set(schemas, answer);
  return answer;
}

function mentionsUnevaluated(schema: Json): boolean {
  if (typeof schema !== "object" || schema === null) return false;
  if (Array.isArray(schema)) return schema.some(mentionsUnevaluated);
  return Object.entries(schema).some(
    ([key, inner]) => key.startsWith("unevaluated") || mentionsUnevaluated(inner),
  );
}
