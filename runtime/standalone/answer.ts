/** Reads answers: bodies, paths in them, what the server says of a failure. */

import { equalJson } from "../../schema/language/equal-json.ts";
import type { PathStep } from "../../schema/language/jsonpath.ts";
import { selectPlain } from "../../schema/language/jsonpath.ts";
import type { ExchangePlan, MatcherPlan, Range, TestPlan } from "../../schema/standalone-plan.ts";
import { withInexactQuoted } from "../response/inexact-numbers.ts";
import { decodeText } from "./charset.ts";
import { parseCsv } from "./csv.ts";
import { type ConnectorError, failure } from "./errors.ts";
import { isObject } from "./is-object.ts";
import { planHas } from "./plan-has.ts";
import type { ResponseHeaders } from "./types.ts";
import { parseXml } from "./xml.ts";

export interface Answer {
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly bytes: Uint8Array;
  /** The URL that was asked. */
  readonly url: string;
  /** Neither a length nor chunks told that the body is whole. */
  readonly open: boolean;
  /** The body as JSON; undefined where it is none. */
  json(): unknown;
  text(): string;
}

export function select(path: readonly PathStep[], data: unknown): unknown[] {
  return selectPlain(data, path);
}

/** The first value at a path; undefined without a path. */
export function valueAt(path: readonly PathStep[] | undefined, data: unknown): unknown {
  return path && select(path, data)[0];
}

export function invalid(message: string): ConnectorError {
  return failure("response_invalid", message);
}

/** Numbers that a number cannot hold come as their text. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(/\d{16}|\d[eE]\+?\d{3}/.test(text) ? withInexactQuoted(text) : text);
  } catch {
    // The parser's own message quotes the body.
    throw invalid(
      /^\s*<(?:!doctype\s+html|html|head|body)\b/i.test(text)
        ? "HTML came where JSON was expected, perhaps a login page. Check the URL and the credentials."
        : "The answer is not valid JSON. Check the URL.",
    );
  }
}

type Decode = (bytes: Uint8Array, type: string | undefined) => unknown;

const decoders: { readonly [type: string]: Decode | undefined } = {
  json: (bytes) => (bytes.length === 0 ? null : parseJson(decodeText(bytes))),
  text: decodeText,
  binary: (bytes) => bytes,
  jsonl: (bytes) =>
    decodeText(bytes)
      .split("\n")
      .filter((line) => /[^ \t\r]/.test(line))
      .map(parseJson),
  form: (bytes, type) => Object.fromEntries(new URLSearchParams(decodeText(bytes, type).trim())),
  csv: (bytes, type) => parseCsv(decodeText(bytes, type), type),
  xml: (bytes, type) => (bytes.length === 0 ? null : parseXml(bytes, type)),
};

export function decode(type: string, { bytes, headers }: Answer): unknown {
  const read = decoders[type];
  if (!read)
    throw failure("unsupported", `This client reads no ${type}: none of its operations answers with it.`);
  return read(bytes, headers.get("content-type"));
}

export function inRanges(status: number, ranges: readonly Range[] = [[200, 299]]): boolean {
  return ranges.some(([from, to]) => status >= from && status <= to);
}

/** True where every given part holds. */
export function matches({ status, header, json, text }: MatcherPlan, answer: Answer): boolean {
  if (status && !inRanges(answer.status, status)) return false;
  if (header) {
    const value = answer.headers.get(header.name);
    if (!holds(header, value === undefined ? [] : [value], (wanted, found) => String(wanted) === found))
      return false;
  }
  if (json) {
    const body = answer.json();
    if (!holds(json, body === undefined ? [] : select(json.path, body), equalJson)) return false;
  }
  return text === undefined || answer.text().includes(text);
}

/** One value must pass all that is asked. */
function holds(
  { equals, in: list, exists }: TestPlan,
  values: readonly unknown[],
  equal: (wanted: never, found: unknown) => boolean,
): boolean {
  if (exists === false) return values.length === 0;
  return values.some(
    (value) =>
      (equals === undefined || equal(equals as never, value)) &&
      (list === undefined || list.some((wanted) => equal(wanted as never, value))),
  );
}

const messageKeys =
  "error_description detail message Message error_message errorMessage errorSummary faultstring msg title description reason";
const codeKeys = "code Code error_code errorCode faultcode __type error type";
const innerKeys = "error Error errors Errors errorMessages fault Fault faults Body detail extensions";

/** What the server says of a failure: where the descriptor looks, then in common shapes; bounded, on one line. */
export function saidBy(
  answer: Answer,
  { message, code }: Pick<ExchangePlan, "message" | "code">,
): {
  readonly message: string | undefined;
  readonly code: string | undefined;
} {
  let body = answer.json();
  if (body === undefined && /^text\/plain\b/i.test(answer.headers.get("content-type") ?? ""))
    body = [answer.text()];
  const challenge = answer.headers.get("www-authenticate") ?? "";
  const found = (
    path: readonly PathStep[] | undefined,
    keys: string,
    quoted: string,
    most: number,
  ): string | undefined =>
    clean(
      (planHas.said ? scalar(valueAt(path, body)) : undefined) ??
        dig(body, keys, keys === messageKeys) ??
        new RegExp(`(?:^|[\\s,])${quoted}="([^"\\\\]{1,500})"`, "i").exec(challenge)?.[1],
      most,
    );
  return {
    message: found(message, messageKeys, "error_description", 500),
    code: found(code, codeKeys, "error", 100),
  };
}

function dig(body: unknown, keys: string, takesText: boolean, depth: number = 0): string | undefined {
  if (depth > 3) return undefined;
  if (Array.isArray(body)) return dig(body[0], keys, takesText, depth + 1);
  if (!isObject(body)) return takesText && depth > 0 && typeof body === "string" ? scalar(body) : undefined;
  const first = (names: string, read: (value: unknown) => string | undefined): string | undefined => {
    for (const name of names.split(" ")) {
      const text = Object.hasOwn(body, name) ? read(Reflect.get(body, name)) : undefined;
      if (text !== undefined) return text;
    }
    return undefined;
  };
  return first(keys, scalar) ?? first(innerKeys, (value) => dig(value, keys, takesText, depth + 1));
}

function scalar(value: unknown): string | undefined {
  return typeof value === "number" || (typeof value === "string" && value.trim() !== "")
    ? String(value)
    : undefined;
}

/** Control, bidi and lone surrogate characters go. */
function clean(text: string | undefined, most: number): string | undefined {
  return text
    ?.slice(0, most)
    .replace(/[\s\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]+/gu, " ")
    .trim();
}
