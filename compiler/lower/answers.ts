import type {
  ErrorRule,
  Matcher,
  ResponseRule,
  ResponseType,
  RetryRule,
  StatusRange,
  ValueTest,
} from "../../schema/ir.ts";
import type { JsonPath } from "../../schema/language/jsonpath.ts";
import { Cursor } from "./cursor.ts";
import { given, toJson } from "./json.ts";
import type { Lowering } from "./lowering.ts";

export const rootPath: JsonPath = { kind: "plain", text: "$", steps: [] };
export const anySuccess: readonly StatusRange[] = [{ from: 200, to: 299 }];

/** `200`, `2xx`, `200-204`, or a list of these; undefined where nothing is given. */
export function statusRanges(lowering: Lowering, at: Cursor): StatusRange[] | undefined {
  const ranges = at.itemsOrSelf().flatMap((item) => {
    const found = statusRange(String(item.scalar?.value ?? ""));
    for (const { from, to } of found)
      if (from > to)
        lowering.report({
          rule: "structure/range",
          path: item.path,
          message: `The range ${from}-${to} holds no status: it ends before it begins.`,
          help: `Write ${to}-${from}.`,
        });
    return found;
  });
  return ranges.length > 0 ? ranges : undefined;
}

/** `200`, `2xx` or `200-204`; nothing where the text is none of these. */
export function statusRange(text: string): StatusRange[] {
  const family = /^([1-5])xx$/.exec(text)?.[1];
  if (family) return [{ from: Number(family) * 100, to: Number(family) * 100 + 99 }];
  const match = /^([1-5]\d\d)(?:-([1-5]\d\d))?$/.exec(text);
  return match ? [{ from: Number(match[1]), to: Number(match[2] ?? match[1]) }] : [];
}

const responseTypes: readonly string[] = ["json", "text", "binary", "xml", "csv", "jsonl"];

function isResponseType(text: string): text is ResponseType {
  return responseTypes.includes(text);
}

const plainResponse: ResponseRule = { type: "json", success_status: anySuccess, records: rootPath };

export function lowerResponse(lowering: Lowering, at: Cursor): ResponseRule {
  if (!at.exists) return plainResponse;
  const type = at.at("type").string();
  return {
    type: type !== undefined && isResponseType(type) ? type : "json",
    success_status: statusRanges(lowering, at.at("success_status")) ?? anySuccess,
    records: lowering.path(at.at("records_path")) ?? rootPath,
    ...given("error_message", lowering.path(at.at("error_message_path"))),
    ...given("error_code", lowering.path(at.at("error_code_path"))),
  };
}

export function lowerMatchers(lowering: Lowering, at: Cursor): Matcher[] {
  return at.itemsOrSelf().map((item) => lowerMatcher(lowering, item));
}

function lowerMatcher(lowering: Lowering, at: Cursor): Matcher {
  const header = at.at("header").at("name").string();
  const path = lowering.path(at.at("json").at("path"));
  const contains = at.at("text").at("contains").string();
  return {
    ...given("status", statusRanges(lowering, at.at("status"))),
    ...(header === undefined ? {} : { header: { name: header, ...lowerTest(at.at("header")) } }),
    ...(path ? { json: { path, ...lowerTest(at.at("json")) } } : {}),
    ...(contains === undefined ? {} : { text: { contains } }),
  };
}

function lowerTest(at: Cursor): ValueTest {
  return {
    ...(at.has("equals") ? { equals: toJson(at.at("equals").value()) } : {}),
    ...(at.has("in")
      ? {
          in: at
            .at("in")
            .items()
            .map((item) => toJson(item.value())),
        }
      : {}),
    ...given("exists", at.at("exists").boolean()),
    ...given("matches", at.at("matches").string()),
  };
}

/** Language reference, "Operations": three attempts in all, full jitter, 100 ms doubling to 20 s. */
const plainRetry: RetryRule = {
  max_attempts: 3,
  on_status: [408, 425, 429, 500, 502, 503, 504],
  initial_ms: 100,
  max_ms: 20_000,
};

export function lowerRetry(own: Cursor, defaults: Cursor): RetryRule {
  if (!own.exists && !defaults.exists) return plainRetry;
  const number = (key: "max_attempts" | "initial_ms" | "max_ms"): number =>
    own.at(key).number() ?? defaults.at(key).number() ?? plainRetry[key];
  const statuses = own.has("on_status") ? own.at("on_status") : defaults.at("on_status");
  return {
    max_attempts: number("max_attempts"),
    on_status: statuses.exists
      ? statuses.items().flatMap((item) => item.number() ?? [])
      : plainRetry.on_status,
    initial_ms: number("initial_ms"),
    max_ms: number("max_ms"),
  };
}

export function lowerErrorRules(lowering: Lowering, at: Cursor): ErrorRule[] {
  return at.items().flatMap((rule) => {
    const action = rule.at("action").string();
    const when = lowerMatcher(lowering, rule.at("when"));
    if (action !== "fail" && action !== "retry" && action !== "ignore" && action !== "refresh_credentials")
      return [];
    return [
      {
        when,
        action,
        ...given("code", rule.at("code").string()),
        ...given("message", rule.at("message").string()),
      },
    ];
  });
}

/** The cursor that exists, else the other. */
export function firstOf(own: Cursor, fallback: Cursor): Cursor {
  return own.exists ? own : fallback;
}

export const nothing: Cursor = new Cursor(undefined, []);
