import type { FieldType } from "../../schema/ir.ts";

/** Why a value is not of a `field_type`: the end of a sentence about it, and what to do. */
export interface Mismatch {
  readonly message: string;
  readonly help: string;
  /** It can be sent, but not as what it is. */
  readonly lenient?: boolean;
}

/** Undefined where the value is of the type. */
export function mismatch(value: unknown, type: FieldType): Mismatch | undefined {
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
      return typeof value === "string" && isDate(value) ? undefined : wrong("a date such as 2026-01-31");
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

/** A day of the calendar (RFC 3339, full-date): there is no 31st of February. */
function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const time = Date.parse(text);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function describe(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  return typeof value === "string" ? "a text" : typeof value === "number" ? "a number" : "true or false";
}
