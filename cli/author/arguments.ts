/** Arguments of a tool, read for what they are to be. */
import { refusal } from "./refuse.ts";

export type Given = Readonly<Record<string, unknown>>;

/** Refuses arguments that the tool does not have: a slip of the pen would be taken for silence. */
export function checkKnown(given: Given, known: readonly string[]): void {
  for (const key of Object.keys(given))
    if (!known.includes(key))
      throw refusal(`There is no argument ${key}; there is ${known.join(", ")}.`, key);
}

export function optionalText(given: Given, key: string): string | undefined {
  const value = Object.hasOwn(given, key) ? given[key] : undefined;
  if (value === undefined || typeof value === "string") return value;
  throw refusal(`${key} takes text.`, key);
}

export function text(given: Given, key: string): string {
  const value = optionalText(given, key);
  if (value === undefined || value === "") throw refusal(`${key} is missing.`, key);
  return value;
}

export function flag(given: Given, key: string): boolean {
  const value = Object.hasOwn(given, key) ? given[key] : false;
  if (typeof value === "boolean") return value;
  throw refusal(`${key} takes true or false.`, key);
}

export function wholeNumber(given: Given, key: string): number {
  const value = Object.hasOwn(given, key) ? given[key] : 0;
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw refusal(`${key} takes a whole number from 0.`, key);
}

export function texts(given: Given, key: string): readonly string[] {
  const value: unknown = Object.hasOwn(given, key) ? given[key] : [];
  if (Array.isArray(value) && value.every((one): one is string => typeof one === "string")) return value;
  throw refusal(`${key} takes a list of texts.`, key);
}

export function map(given: Given, key: string): Given {
  const value = Object.hasOwn(given, key) ? given[key] : {};
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  throw refusal(`${key} takes an object.`, key);
}
