import { encodeBytes } from "../crypto/encoding.ts";
import { reveal, Secret } from "../secrets/secret.ts";

/**
 * One text for equal values, whatever the order of their keys; kinds that JSON does not tell apart are told apart. Secrets
 * are in it as they are: it is made to be hashed. Undefined where a value cannot be compared, such as a stream.
 */
export function canonicalJson(value: unknown): string | undefined {
  if (value instanceof Secret) return wrapped("secret", canonicalJson(reveal(value)));
  if (typeof value === "bigint") return wrapped("bigint", JSON.stringify(String(value)));
  if (value instanceof Uint8Array) return wrapped("bytes", JSON.stringify(encodeBytes(value, "base64")));
  if (value instanceof Date) return wrapped("date", JSON.stringify(value.getTime()));
  if (Array.isArray(value)) {
    const items = value.map((item) => canonicalJson(item ?? null));
    return items.includes(undefined) ? undefined : `[${items.join(",")}]`;
  }
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? objectJson(value) : undefined;
}

function objectJson(value: object): string | undefined {
  const members = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, item]: [string, unknown]) => [JSON.stringify(key), canonicalJson(item)] as const);
  if (members.some(([, item]) => item === undefined)) return undefined;
  return `{${members.map(([key, item]) => `${key}:${item}`).join(",")}}`;
}

/** No JSON begins so: nothing that a caller gives looks like it. */
function wrapped(kind: string, json: string | undefined): string | undefined {
  return json === undefined ? undefined : `${kind}(${json})`;
}
