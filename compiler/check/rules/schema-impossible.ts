import type { Cursor } from "../../lower/cursor.ts";
import type { Rule } from "../rule.ts";
import { eachSchema, schemaBounds } from "../schemas.ts";

export const schemaImpossible: Rule = {
  id: "schema/impossible",
  severity: "warning",
  summary: "A schema, or one of the values it lists, that no value can fit.",
  check: ({ declared }, report) => {
    eachSchema(declared.root, (at) => {
      const values = at.at("enum");
      if (values.node?.kind === "list" && values.node.items.length === 0)
        report({
          path: values.path,
          message: "An empty `enum` admits no value at all.",
          help: "List the values that are allowed, or remove `enum`.",
        });
      for (const item of impossibleValues(at))
        report({
          path: item.path,
          message: `${shown(item)} is listed, but \`type\` does not admit it: no value can be it.`,
          label: "never valid",
          help: "Write a value of that type, or widen `type`.",
          related: [{ path: at.at("type").path, message: "the type" }],
        });
      schemaBounds.forEach(([least, most]) => {
        const low = at.has(least) ? at.at(least).number() : undefined;
        const high = low === undefined ? undefined : at.at(most).number();
        if (low === undefined || high === undefined || low <= high) return;
        report({
          path: at.at(least).path,
          message: `\`${least}\` ${low} is above \`${most}\` ${high}: no value can fit.`,
          help: "Exchange them, or correct one.",
          related: [{ path: at.at(most).path, message: `\`${most}\` is less` }],
        });
      });
    });
  },
};

/** The listed values that the schema's own type excludes. */
function impossibleValues(at: Cursor): readonly Cursor[] {
  if (!at.has("enum") && !at.has("const")) return [];
  const types = at
    .at("type")
    .itemsOrSelf()
    .map((item) => item.string());
  if (types.length === 0 || types.includes(undefined)) return [];
  const listed = at.has("const") ? [at.at("const"), ...at.at("enum").items()] : at.at("enum").items();
  // `nullable` is told of as what JSON Schema does not know: its null follows from that.
  return listed.filter((item) => {
    const value = item.value();
    return !(value === null && at.has("nullable")) && !types.some((type) => isOf(value, type));
  });
}

function isOf(value: unknown, type: string | undefined): boolean {
  switch (type) {
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    case "integer":
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

function shown(item: Cursor): string {
  const value = item.value();
  if (typeof value === "string") return `The text \`${value}\``;
  if (Array.isArray(value)) return "A list";
  return typeof value === "object" && value !== null ? "A map" : `\`${String(value)}\``;
}
