/** The kind of a value, never the value: it may be a secret. */
export function typeName(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  switch (typeof value) {
    case "string":
      return "text";
    case "number":
      return Number.isFinite(value) ? "a number" : "not a finite number";
    case "boolean":
      return "true or false";
    case "object":
      return "an object";
    default:
      return `a ${typeof value}`;
  }
}
