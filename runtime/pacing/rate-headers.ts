/**
 * What servers say of their limits in headers: the fields of draft-ietf-httpapi-ratelimit-headers in all of its
 * versions, and the older ones that everybody writes in a way of their own. Times come out as milliseconds from now.
 */
import type { Limit } from "../../schema/ir.ts";
import type { ResponseHeaders } from "../ports.ts";

/** One quota of a server, as far as it was said. */
export interface Quota {
  readonly remaining: number;
  readonly resetMs: number | undefined;
  /** The length of its window, where a policy says so. */
  readonly windowMs: number | undefined;
}

type ResetUnit = NonNullable<NonNullable<Limit["response_headers"]>["reset"]>["unit"];

/** More of a field says nothing that a limit could use. */
const mostChars = 2_000;

/** Numbers of seconds above are Unix times: thirty years is no duration of a limit. */
const leastEpochSeconds = 1e9;
const leastEpochMilliseconds = 1e12;

/** A reset whose unit is known, in milliseconds from now; undefined where it makes no sense. */
export function resetInMs(text: string | undefined, unit: ResetUnit, wall: number): number | undefined {
  if (text === undefined) return undefined;
  if (unit === "date") return dateInMs(text, wall);
  const value = numberIn(text);
  if (value === undefined) return undefined;
  switch (unit) {
    case "seconds":
      // A duration by mistake: the field holds a Unix time.
      return value < leastEpochSeconds ? value * 1000 : guessedMs(value, wall);
    case "milliseconds":
      return value;
    case "epoch_seconds":
      return Math.max(0, value * 1000 - wall);
    case "epoch_milliseconds":
      return Math.max(0, value - wall);
  }
}

/** A reset of an unknown unit: seconds, a Unix time in seconds or milliseconds, a date, or `1m30s`. */
export function guessResetMs(text: string | undefined, wall: number): number | undefined {
  if (text === undefined) return undefined;
  const value = numberIn(text);
  if (value !== undefined) return guessedMs(value, wall);
  return spanInMs(text) ?? dateInMs(text, wall);
}

/** The count in a field: a number, of which units that have begun to be used do not count. */
export function countIn(text: string | undefined): number | undefined {
  const value = text === undefined ? undefined : numberIn(text);
  return value === undefined || value >= 1e15 ? undefined : Math.floor(value);
}

/** The quotas that an answer names in the fields of the draft, of which `RateLimit` is the one of today. */
export function standardQuotas(headers: ResponseHeaders): readonly Quota[] {
  const field = headers.get("ratelimit");
  if (field === undefined) return separateFields(headers);
  const windows = windowsIn(headers.get("ratelimit-policy"));
  return listOf(field).flatMap(({ name, parameters }): Quota[] => {
    // Version 7 had `limit=100, remaining=50, reset=30` in one dictionary, which `listOf` reads as one item.
    const remaining = countIn(parameters.get("r") ?? parameters.get("remaining"));
    const reset = numberIn(parameters.get("t") ?? parameters.get("reset") ?? "");
    if (remaining === undefined) return [];
    const windowMs = windows.get(name) ?? (windows.size === 1 ? [...windows.values()][0] : undefined);
    return [{ remaining, resetMs: reset === undefined ? undefined : reset * 1000, windowMs }];
  });
}

const resetFields = ["ratelimit-reset", "x-ratelimit-reset-after", "x-ratelimit-reset", "x-rate-limit-reset"];

/** After a refusal: when the server lets in again, by the fields that are no standard. */
export function refusedForMs(headers: ResponseHeaders, wall: number): number | undefined {
  const exact = numberIn(headers.get("retry-after-ms") ?? "");
  if (exact !== undefined) return exact;
  for (const name of resetFields) {
    const ms = guessResetMs(headers.get(name), wall);
    if (ms !== undefined) return ms;
  }
  return undefined;
}

/** Versions up to 6: a field each. */
function separateFields(headers: ResponseHeaders): readonly Quota[] {
  const remaining = countIn(headers.get("ratelimit-remaining"));
  if (remaining === undefined) return [];
  const reset = numberIn(headers.get("ratelimit-reset") ?? "");
  const windows = [...windowsIn(headers.get("ratelimit-policy") ?? headers.get("ratelimit-limit")).values()];
  return [
    {
      remaining,
      resetMs: reset === undefined ? undefined : reset * 1000,
      windowMs: windows.length === 1 ? windows[0] : undefined,
    },
  ];
}

interface Item {
  readonly name: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** The windows of the policies that count requests, by their names. */
function windowsIn(field: string | undefined): ReadonlyMap<string, number> {
  const windows = new Map<string, number>();
  for (const { name, parameters } of field === undefined ? [] : listOf(field)) {
    const seconds = numberIn(parameters.get("w") ?? "");
    const unit = parameters.get("qu") ?? "requests";
    if (seconds !== undefined && seconds > 0 && unit === "requests") windows.set(name, seconds * 1000);
  }
  return windows;
}

/** A list of structured fields (RFC 9651, 3.1), read leniently; bare `key=value` pairs are parameters of one item. */
function listOf(field: string): readonly Item[] {
  const items: Item[] = [];
  const loose = new Map<string, string>();
  for (const part of splitOutsideQuotes(field.slice(0, mostChars), ",")) {
    const [head = "", ...rest] = splitOutsideQuotes(part, ";");
    const pairs = rest.map(pairOf);
    if (head.includes("=")) loose.set(...pairOf(head));
    else if (head !== "") items.push({ name: unquoted(head), parameters: new Map(pairs) });
  }
  return loose.size === 0 ? items : [...items, { name: "", parameters: loose }];
}

function pairOf(text: string): [string, string] {
  const equals = text.indexOf("=");
  if (equals < 0) return [text.toLowerCase(), "1"];
  return [text.slice(0, equals).trim().toLowerCase(), unquoted(text.slice(equals + 1).trim())];
}

function unquoted(text: string): string {
  return text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
}

function splitOutsideQuotes(text: string, separator: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') quoted = !quoted;
    else if (text[at] === separator && !quoted) {
      parts.push(text.slice(start, at).trim());
      start = at + 1;
    }
  }
  return [...parts, text.slice(start).trim()];
}

function numberIn(text: string): number | undefined {
  return /^\s*\d{1,15}(\.\d{1,9})?\s*$/.test(text) ? Number(text) : undefined;
}

function guessedMs(value: number, wall: number): number {
  if (value >= leastEpochMilliseconds) return Math.max(0, value - wall);
  return value >= leastEpochSeconds ? Math.max(0, value * 1000 - wall) : value * 1000;
}

function dateInMs(text: string, wall: number): number | undefined {
  // Date.parse alone would take a bare number for a year.
  const date = /[A-Za-z]|\d-\d/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - wall);
}

const spanUnits: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

function spanInMs(text: string): number | undefined {
  if (!/^\s*(?:\d{1,9}(?:\.\d{1,9})?(?:ms|[smhd]))+\s*$/.test(text)) return undefined;
  let sum = 0;
  for (const [, count = "", unit = ""] of text.matchAll(/([\d.]+)(ms|[smhd])/g))
    sum += Number(count) * (spanUnits[unit] ?? 0);
  return sum;
}
