import type { FieldType } from "../../../schema/ir.ts";
import { nothing } from "../../lower/answers.ts";
import type { Cursor } from "../../lower/cursor.ts";
import type { Lowering } from "../../lower/lowering.ts";
import { eachReference, lowerSchema, sharedSchemas } from "../../lower/schemas.ts";
import { patternProblem } from "../patterns.ts";
import type { Rule } from "../rule.ts";
import { conflictingTypes } from "../schema-type.ts";

export const parameterDefaultMismatch: Rule = {
  id: "parameter/default-mismatch",
  severity: "error",
  summary: "A default that does not fit its type or schema.",
  check: ({ declared, lowering }, report) => {
    const judge = (
      at: Cursor,
      type: FieldType,
      what: string,
      refused: (value: unknown) => string | undefined,
    ): void => {
      const given = at.at("default_value");
      if (!given.exists) return;
      const value = given.value();
      const wrong = mismatch(value, type);
      const reason = wrong?.message ?? refused(value);
      if (reason === undefined) return;
      report({
        path: given.path,
        message: `The default of ${what} ${reason}.`,
        help: wrong?.help ?? "Change the default, or what it is held against.",
        ...(wrong?.lenient ? { severity: "warning" } : {}),
      });
    };
    for (const { key, type, at } of declared.settings)
      judge(at, type, `the setting \`${key}\``, (value) => outsideBounds(value, at, lowering));
    for (const parameter of declared.operations.flatMap(({ parameters }) => parameters)) {
      const { name, type, at } = parameter;
      // A schema of another type has a finding of its own.
      const schema = conflictingTypes(parameter) ? nothing : at.at("schema");
      judge(at, type, `the parameter \`${name}\``, (value) => outsideSchema(value, schema, lowering));
    }
  },
};

function outsideBounds(value: unknown, at: Cursor, { schemaChecks }: Lowering): string | undefined {
  const values = at
    .at("enum")
    .items()
    .map((item) => item.value());
  if (values.length > 0 && !values.includes(value)) return "is none of the values of `enum`";
  const pattern = at.at("pattern").string();
  if (pattern === undefined || !schemaChecks || patternProblem(pattern)) return undefined;
  // A setting's pattern is held against the whole value.
  const check = schemaChecks.createSchemaCheck({ pattern: `^(?:${pattern})$` }, {});
  return check(String(value)).length > 0 ? "does not match its pattern" : undefined;
}

/** A schema that cannot be compiled has a finding of its own. */
function outsideSchema(value: unknown, at: Cursor, lowering: Lowering): string | undefined {
  const { schemaChecks } = lowering;
  const schema = lowerSchema(lowering, at);
  if (!schemaChecks || schema === undefined) return undefined;
  let refers = false;
  eachReference(at, () => {
    refers = true;
  });
  try {
    const [issue] = schemaChecks.createSchemaCheck(schema, refers ? sharedSchemas(lowering) : {})(value);
    return issue && `does not fit its schema: ${issue.path === "" ? "it" : issue.path} ${issue.message}`;
  } catch (error) {
    if (error instanceof schemaChecks.SchemaReferenceError) return undefined;
    throw error;
  }
}

interface Mismatch {
  readonly message: string;
  readonly help: string;
  /** It can be sent, but not as what it is. */
  readonly lenient?: boolean;
}

function mismatch(value: unknown, type: FieldType): Mismatch | undefined {
  const wrong = (article: string): Mismatch => ({
    message: `is ${describe(value)}, not ${article}`,
    help: `Write ${article}, or change \`field_type\`.`,
  });
  switch (type) {
    case "integer":
      return Number.isInteger(value) ? undefined : wrong("an integer");
    case "number":
      return typeof value === "number" ? undefined : wrong("a number");
    case "boolean":
      return typeof value === "boolean" ? undefined : wrong("true or false");
    case "array":
      return Array.isArray(value) ? undefined : wrong("a list");
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value)
        ? undefined
        : wrong("a map");
    case "json":
    case "file":
      return undefined;
    case "date":
      return typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value)
        ? undefined
        : wrong("a date such as 2026-01-31");
    case "datetime":
      return typeof value === "string" && !Number.isNaN(Date.parse(value))
        ? undefined
        : wrong("a date and time such as 2026-01-31T12:00:00Z");
    default:
      if (typeof value === "string") return undefined;
      if (typeof value === "number" || typeof value === "boolean")
        return {
          ...wrong("a text"),
          help: `Put it in quotes, or say \`field_type: ${typeof value === "boolean" ? "boolean" : Number.isInteger(value) ? "integer" : "number"}\`.`,
          lenient: true,
        };
      return wrong("a text");
  }
}

function describe(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  return typeof value === "string" ? "a text" : typeof value === "number" ? "a number" : "true or false";
}
