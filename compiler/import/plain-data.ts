/** Foreign data, narrowed: what is not of the form asked for is as if it were not there. */
export type DataMap = { readonly [key: string]: unknown };

const emptyMap: DataMap = Object.freeze({});

export function isMap(value: unknown): value is DataMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An own value of a map; undefined where there is no map, or no such key. */
export function at(value: unknown, key: string): unknown {
  return isMap(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

export function mapAt(value: unknown, key: string): DataMap {
  const found = at(value, key);
  return isMap(found) ? found : emptyMap;
}

export function listAt(value: unknown, key: string): readonly unknown[] {
  const found = at(value, key);
  return Array.isArray(found) ? found : [];
}

/** A text that is not blank, trimmed. */
export function textAt(value: unknown, key: string): string | undefined {
  const found = at(value, key);
  return typeof found === "string" && found.trim() !== "" ? found.trim() : undefined;
}
