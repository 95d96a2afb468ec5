import { reveal } from "../secrets/secret.ts";
import { isStreamedFile } from "./file.ts";
import { Refused } from "./refused.ts";
import { toJson } from "./to-json.ts";

/** A value as text: scalars as they print, lists of scalars with commas, anything else as JSON. */
export function toText(value: unknown): string {
  if (typeof value === "string") return value;
  const plain = reveal(value);
  if (typeof plain === "number" && !Number.isFinite(plain)) throw new Refused("is not a finite number");
  return isScalar(plain) ? String(plain) : objectText(plain);
}

function objectText(value: unknown): string {
  if (value instanceof Uint8Array)
    throw new Refused("is bytes, which only hex, base64 and base64url turn into text");
  if (isStreamedFile(value)) throw new Refused("is a stream, which has no place but a file's in a body");
  if (Array.isArray(value) && value.every(isScalar)) return value.map(toText).join(",");
  return value === undefined ? "" : toJson(value);
}

/** A value that prints as itself. */
export function isScalar(value: unknown): boolean {
  return (
    typeof value === "string" ||
    typeof value === "number" ||
    typeof value === "boolean" ||
    typeof value === "bigint"
  );
}
