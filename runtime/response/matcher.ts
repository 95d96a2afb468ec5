/** The one shape behind `expired_when`, `errors[].when` and `stop_when`: does an answer look like this? */
import type { Json, Matcher, StatusRange, ValueTest } from "../../schema/ir.ts";
import { equalJson } from "../../schema/language/equal-json.ts";
import type { JsonPath } from "../../schema/language/jsonpath.ts";
import type { Answer } from "./answer.ts";
import { loadPathEngines, select } from "./jsonpath.ts";
import { findsPattern, loadPatterns } from "./pattern.ts";

/** Loads what these matchers need, if anything; `matches` then answers without waiting. */
export function loadMatchers(matchers: Iterable<Matcher>): void | Promise<void> {
  const tests: ValueTest[] = [];
  const paths: JsonPath[] = [];
  for (const { header, json } of matchers) {
    if (header) tests.push(header);
    if (json) {
      tests.push(json);
      paths.push(json.path);
    }
  }
  const waiting = [loadPatterns(tests), loadPathEngines(paths)].filter((load) => load !== undefined);
  if (waiting.length > 0) return Promise.all(waiting).then(() => undefined);
}

/** True where every given part holds. */
export function matches(matcher: Matcher, answer: Answer): boolean {
  const { status, header, json, text } = matcher;
  if (status && !inRanges(answer.status, status)) return false;
  if (header && !headerHolds(header, answer)) return false;
  if (json && !jsonHolds(json, answer)) return false;
  return !text || answer.text().includes(text.contains);
}

/** True where a status code is in one of the ranges. */
export function inRanges(status: number, ranges: readonly StatusRange[]): boolean {
  for (const { from, to } of ranges) if (status >= from && status <= to) return true;
  return false;
}

/** A header's value is text, so it is compared with the text of what the author wrote. */
function headerHolds(test: { readonly name: string } & ValueTest, answer: Answer): boolean {
  const value = answer.headers.get(test.name.toLowerCase());
  return holds(test, value === undefined ? [] : [value], (wanted, found) => asText(wanted) === found);
}

function jsonHolds(test: { readonly path: JsonPath } & ValueTest, answer: Answer): boolean {
  const body = answer.json();
  const found = body === undefined ? [] : selectIn(answer, test.path, body);
  return found !== undefined && holds(test, found, equalJson);
}

/** Undefined where the path does not fit a failed answer: that must not hide its status. A success that cannot be judged is none. */
function selectIn({ status }: Answer, path: JsonPath, body: unknown): readonly unknown[] | undefined {
  try {
    return select(path, body);
  } catch (thrown) {
    if (status < 400) throw thrown;
    return undefined;
  }
}

/** One value must pass all that is asked; without a question it is enough that there is one. */
function holds(
  test: ValueTest,
  values: readonly unknown[],
  equal: (wanted: Json, found: unknown) => boolean,
): boolean {
  if (test.exists === false) return values.length === 0;
  const { equals, in: list } = test;
  return values.some(
    (value) =>
      (equals === undefined || equal(equals, value)) &&
      (list === undefined || list.some((wanted) => equal(wanted, value))) &&
      (test.matches === undefined || patternHolds(test, value)),
  );
}

function patternHolds(test: ValueTest, value: unknown): boolean {
  const text = asText(value);
  return text !== undefined && findsPattern(test, text);
}

/** The text of a scalar; lists, objects and null have none. */
function asText(value: unknown): string | undefined {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
    case "boolean":
      return String(value);
    default:
      return undefined;
  }
}
