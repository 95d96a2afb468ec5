import { hasFormat } from "../schema/language/formats.ts";
import { Refused } from "./request/refused.ts";
import { toText } from "./request/text.ts";

/** Throws `Refused` where a value does not have the form of its name. */
export function checkFormat(name: string | undefined, value: unknown): void {
  if (name !== undefined && !hasFormat(name, toText(value))) throw new Refused(`is no ${name}`);
}
