import type { Json, JsonObject } from "../../schema/ir.ts";
import { setOwn } from "../read/tree.ts";

/** Plain data as JSON data; what JSON cannot say becomes null. */
export function toJson(value: unknown): Json {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (Array.isArray(value)) return value.map(toJson);
  return typeof value === "object" ? (toJsonObject(value) ?? null) : null;
}

/** The same for a map; undefined where the value is none. */
export function toJsonObject(value: unknown): JsonObject | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const object: Record<string, Json> = {};
  for (const key in value)
    if (Object.hasOwn(value, key)) setOwn(object, key, toJson(value[key as keyof typeof value]));
  return object;
}

/** `{ [key]: value }`, or nothing where there is no value: for optional properties under exactOptionalPropertyTypes. */
export function given<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: V });
}
