import { deepest } from "./json.ts";
import { Refused } from "./refused.ts";

/** JSON text of a value; a bigint keeps every digit as a number, which `JSON.stringify` alone refuses. */
export function toJson(value: unknown): string {
  return hasBigint(value, 0) ? exact(value) : (JSON.stringify(value) ?? "null");
}

function hasBigint(value: unknown, depth: number): boolean {
  if (typeof value === "bigint") return true;
  if (typeof value !== "object" || value === null) return false;
  if (depth > deepest) throw new Refused(`is nested deeper than ${deepest} levels`);
  for (const item of Array.isArray(value) ? value : Object.values(value))
    if (hasBigint(item, depth + 1)) return true;
  return false;
}

function exact(value: unknown): string {
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null || value instanceof Date)
    return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) return `[${Array.from(value, exact).join(",")}]`;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${exact(item)}`).join(",")}}`;
}
