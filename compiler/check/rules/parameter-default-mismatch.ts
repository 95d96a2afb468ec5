import type { FieldType } from "../../../schema/ir.ts";
import { closest } from "../../../schema/language/spelling.ts";
import type { Finding } from "../../diagnostics.ts";
import type { Cursor } from "../../lower/cursor.ts";
import type { Lowering } from "../../lower/lowering.ts";
import { eachReference, lowerSchema, sharedSchemas } from "../../lower/schemas.ts";
import type { Pointer } from "../../read/tree.ts";
import { inStyle } from "../../validate/words.ts";
import { mismatch } from "../field-type.ts";
import type { Rule } from "../rule.ts";
import { conflictingTypes } from "../schema-type.ts";
import { hasCrossedBounds } from "../schemas.ts";
import { outsideBounds } from "../setting-bounds.ts";

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
      if (!given.exists || lowering.isBroken([...at.path, "field_type"])) return;
      const value = given.value();
      const wrong = mismatch(value, type);
      const reason = wrong?.message ?? refused(value);
      if (reason === undefined) return;
      const bound = ["field_type", "enum", "pattern", "format", "schema"].find((key) => at.has(key));
      const nearest = wrong ? undefined : nearValue(given, at);
      report({
        path: given.path,
        message: `The default of ${what} ${reason}.`,
        help: wrong?.help ?? nearest?.help ?? "Change the default, or what it is held against.",
        ...(wrong ? converted(given, type) : nearest?.replace),
        ...related(
          [...at.path, wrong && at.has("field_type") ? "field_type" : (bound ?? "")],
          bound !== undefined,
        ),
        ...(wrong?.lenient ? { severity: "warning" } : {}),
      });
    };
    for (const { key, type, at } of declared.settings)
      judge(at, type, `the setting \`${key}\``, (value) => outsideBounds(value, at, lowering));
    for (const parameter of declared.operations.flatMap(({ parameters }) => parameters)) {
      const { name, type, at } = parameter;
      const schema = at.at("schema");
      // A schema of another type, or one that admits nothing, has a finding of its own.
      if (conflictingTypes(parameter) || hasCrossedBounds(schema)) continue;
      judge(at, type, `the parameter \`${name}\``, (value) => outsideSchema(value, schema, lowering));
    }
  },
};

function related(path: Pointer, exists: boolean): Pick<Finding, "related"> {
  return exists ? { related: [{ path, at: "key", message: "it must fit this" }] } : {};
}

/** A number or boolean that was written as a text, where that type is asked for. */
function converted({ scalar }: Cursor, type: FieldType): Pick<Finding, "replace" | "fix"> {
  if (scalar === undefined || typeof scalar.value !== "string" || scalar.style === "block") return {};
  const text = scalar.value;
  const form = forms[type];
  if (!form?.test(text)) return {};
  const fix = { title: `Write ${text} without quotes`, edits: [{ span: scalar.span, text }] };
  return scalar.style === "plain" ? {} : { replace: text, fix };
}

/** How a value of the type is written in YAML and in JSON alike. */
const forms: { readonly [type: string]: RegExp } = {
  integer: /^-?(?:0|[1-9]\d{0,14})$/,
  number: /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/,
  boolean: /^(?:true|false)$/,
};

/** The listed value that a default is a slip away from. */
function nearValue(
  given: Cursor,
  at: Cursor,
): { readonly help: string; readonly replace: object } | undefined {
  const values = at.has("enum") ? at.at("enum") : at.at("schema").at("enum");
  const known = values.items().flatMap((item) => item.string() ?? []);
  const text = given.string();
  const meant = text === undefined ? undefined : closest(text, known);
  if (meant === undefined || !given.scalar) return undefined;
  return { help: `Did you mean \`${meant}\`?`, replace: { replace: inStyle(meant, given.scalar) } };
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
    const [issue] = schemaChecks.createSchemaCheck(
      schema,
      refers ? sharedSchemas(lowering) : {},
      "request",
    )(value);
    return issue && `does not fit its schema: ${issue.path === "" ? "it" : issue.path} ${issue.message}`;
  } catch (error) {
    if (error instanceof schemaChecks.SchemaReferenceError) return undefined;
    throw error;
  }
}
