import { Refused } from "./refused.ts";

/** Levels of lists and maps. */
export const deepest = 512;

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
