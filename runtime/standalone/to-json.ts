/** JSON of values; stands in for `request/to-json.ts`. */
import { Refused } from "../request/refused.ts";

/** JSON text of a value; a bigint keeps every digit as a number, which `JSON.stringify` alone refuses. */
export function toJson(value: unknown): string {
  // Nobody can have put it into a text before.
  let mark: string | undefined;
  try {
    const text = JSON.stringify(value, (_, item) => {
      if (typeof item !== "bigint") return item;
      mark ??= crypto.randomUUID();
      return mark + item;
    });
    return (mark ? text.replace(new RegExp(`"${mark}(-?\\d+)"`, "g"), "$1") : text) ?? "null";
  } catch {
    throw new Refused("is nested without end, or too deeply");
  }
}
