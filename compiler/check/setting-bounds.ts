import { hasFormat } from "../../schema/language/formats.ts";
import type { Cursor } from "../lower/cursor.ts";
import type { Lowering } from "../lower/lowering.ts";
import { longestProbe } from "../lower/pattern-tests.ts";
import { patternProblem } from "./patterns.ts";

/** Why the runtime would refuse a value for a setting or credential field: the end of a sentence about it. */
export function outsideBounds(value: unknown, at: Cursor, lowering: Lowering): string | undefined {
  const values = at
    .at("enum")
    .items()
    .map((item) => item.value());
  if (values.length > 0 && !values.some((one) => String(one) === String(value)))
    return "is none of the values of `enum`";
  const format = at.at("format").string();
  if (format !== undefined && !hasFormat(format, String(value))) return `is no ${format}`;
  return fitsPattern(String(value), at.at("pattern").string(), lowering)
    ? undefined
    : "does not match its pattern";
}

/** A pattern is held against the whole value; one that cannot be run has a finding of its own. */
function fitsPattern(
  text: string,
  pattern: string | undefined,
  { patternTest, schemaChecks, patterns }: Lowering,
): boolean {
  if (pattern === undefined || patternProblem(pattern, patterns)) return true;
  const test = text.length > longestProbe ? undefined : patternTest(pattern);
  if (test) return test(text);
  const check = schemaChecks?.createSchemaCheck({ pattern: `^(?:${pattern})$` }, {});
  return !check || check(text).length === 0;
}
