/** What texts of requests and answers are: ids, dates, numbers. Told by their form alone. */
import { looksRandom } from "../../check/flow/literals.ts";
import { snakeCase } from "../names.ts";

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const dateTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/i;
const date = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;
const email = /^[^\s@/]+@[^\s@/]+\.[a-z]{2,}$/i;

/** A format of JSON Schema that a text has beyond doubt. */
export function formatOf(text: string): string | undefined {
  if (text.length > 64) return undefined;
  if (uuid.test(text)) return "uuid";
  if (dateTime.test(text) && Number.isFinite(Date.parse(text))) return "date-time";
  if (date.test(text) && Number.isFinite(Date.parse(text))) return "date";
  return undefined;
}

/** Whether a text can be no name that somebody gave a part of an API: a number, a hash, an address. */
export function isNoName(text: string): boolean {
  return (
    /^\d+$/.test(text) ||
    uuid.test(text) ||
    email.test(text) ||
    date.test(text) ||
    dateTime.test(text) ||
    (/^[0-9a-f]{12,}$/i.test(text) && /\d/.test(text)) ||
    /^[0-9A-HJKMNP-TV-Z]{26}$/.test(text) ||
    text.length > 60 ||
    looksRandom(text, 16, 3)
  );
}

/** Whether a text names one thing among many, as far as its form tells: also a mixture that no word is. */
export function isIdentifier(text: string): boolean {
  return isNoName(text) || (/^[0-9a-f]{8,}$/i.test(text) && /\d/.test(text)) || isMixed(text);
}

/** `cus_9s6XKzkNRiz8i3`, `ORD-2024-001`, `a1B2c3`, `T02ABCD`: digits among letters in a way that words are not. */
function isMixed(text: string): boolean {
  const parts = text.split(/[-_.:~]/);
  const digits = text.replace(/\D/g, "").length;
  if (digits === 0) return false;
  if (parts.length > 1 && parts.some((part) => /^\d{3,}$/.test(part)) && !/^v\d/i.test(text)) return true;
  return parts.some((part) => {
    const turns = part.match(/\d[A-Za-z]|[A-Za-z]\d/g)?.length ?? 0;
    return turns >= 2 && part.length >= 5;
  });
}

/** Names of counts and ids, whose values are whole numbers where they are numbers. */
const whole =
  /(?:^|_)(?:page|limit|offset|size|count|skip|start|top|first|last|take|per_page|id|number|no|year|index|depth|rows)$/;

export function isWholeName(name: string): boolean {
  return whole.test(snakeCase(name));
}

/** A number, a truth or neither, as a query and a form write them. */
export function scalarOf(text: string): unknown {
  if (/^-?(?:0|[1-9]\d{0,14})$/.test(text)) return Number(text);
  if (/^-?(?:0|[1-9]\d{0,14})\.\d{1,10}$/.test(text)) return Number(text);
  return text === "true" ? true : text === "false" ? false : text;
}
