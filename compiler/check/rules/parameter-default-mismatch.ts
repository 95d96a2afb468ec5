import type { FieldType } from "../../../schema/ir.ts";
import type { Rule } from "../rule.ts";

export const parameterDefaultMismatch: Rule = {
  id: "parameter/default-mismatch",
  severity: "error",
  summary: "A default that does not fit its type or schema.",
  check: ({ declared }, report) => {
    const fields = [
      ...declared.settings.map((field) => ({ ...field, what: "setting" })),
      ...declared.operations.flatMap(({ parameters }) =>
        parameters.map((p) => ({ key: p.name, type: p.type, at: p.at, what: "parameter" })),
      ),
    ];
    for (const { key, type, at, what } of fields) {
      const given = at.at("default_value");
      if (!given.exists) continue;
      const value = given.value();
      const problem =
        mismatch(value, type) ??
        refused(value, at.at("schema").exists ? at.at("schema").value() : at.value());
      if (problem)
        report({
          path: given.path,
          message: `The default of the ${what} \`${key}\` ${problem.message}.`,
          help: problem.help,
          ...(problem.lenient ? { severity: "warning" } : {}),
        });
    }
  },
};

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

/** The plain bounds of a schema or a setting; the full check is the runtime's. */
function refused(value: unknown, bounds: unknown): Mismatch | undefined {
  if (typeof bounds !== "object" || bounds === null) return undefined;
  const rule = (key: string): unknown => (Object.hasOwn(bounds, key) ? Reflect.get(bounds, key) : undefined);
  const say = (message: string): Mismatch => ({
    message,
    help: "Change the default, or what it is held against.",
  });
  const allowed = rule("enum");
  if (Array.isArray(allowed) && !allowed.some((one) => JSON.stringify(one) === JSON.stringify(value)))
    return say("is none of the values of `enum`");
  const number = (key: string): number | undefined => {
    const bound = rule(key);
    return typeof bound === "number" ? bound : undefined;
  };
  if (typeof value === "number") {
    const minimum = number("minimum");
    const maximum = number("maximum");
    if (minimum !== undefined && value < minimum) return say(`is below the minimum ${minimum}`);
    if (maximum !== undefined && value > maximum) return say(`is above the maximum ${maximum}`);
  }
  if (typeof value === "string") {
    const shortest = number("minLength");
    const longest = number("maxLength");
    if (shortest !== undefined && [...value].length < shortest)
      return say(`is shorter than ${shortest} characters`);
    if (longest !== undefined && [...value].length > longest)
      return say(`is longer than ${longest} characters`);
  }
  return undefined;
}
