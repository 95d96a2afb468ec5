import { Refused } from "./refused.ts";

/** Throws `Refused` for what JSON cannot say: functions, symbols, numbers without end, endless nesting. */
export function checkJson(value: unknown, depth: number = 0): void {
  if (typeof value === "function" || typeof value === "symbol")
    throw new Refused(`holds a ${typeof value}, which JSON cannot carry`);
  if (typeof value === "number" && !Number.isFinite(value)) throw new Refused("is not a finite number");
  // Bytes and dates are values, not structure.
  if (typeof value !== "object" || value === null || value instanceof Uint8Array || value instanceof Date)
    return;
  if (depth > deepest) throw new Refused(`is nested deeper than ${deepest} levels`);
  for (const item of Array.isArray(value) ? value : Object.values(value)) checkJson(item, depth + 1);
}

/** JSON text of a value; a bigint keeps every digit as a number, which `JSON.stringify` alone refuses. */
export function toJson(value: unknown): string {
  return hasBigint(value, 0) ? exact(value) : (JSON.stringify(value) ?? "null");
}

const deepest = 512;

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
  if (Array.isArray(value)) return `[${value.map(exact).join(",")}]`;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${exact(item)}`).join(",")}}`;
}
