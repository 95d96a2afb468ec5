/** The keywords for numbers and strings. */
import { compilePattern } from "../pattern-engine.ts";
import { formats } from "./formats.ts";
import { fail, type Rule } from "./run.ts";
import { numberKeyword, type SchemaObject, textKeyword } from "./schema-object.ts";

/** The keywords for numbers. The booleans of draft 4 (`exclusiveMinimum: true`) are no numbers and so ignored. */
export function numberRules(schema: SchemaObject): Rule<number>[] {
  const rules: Rule<number>[] = [];
  const minimum = numberKeyword(schema, "minimum");
  if (minimum !== undefined)
    rules.push((value, run) => value >= minimum || fail(run, `must be at least ${minimum}`));
  const maximum = numberKeyword(schema, "maximum");
  if (maximum !== undefined)
    rules.push((value, run) => value <= maximum || fail(run, `must be at most ${maximum}`));
  const above = numberKeyword(schema, "exclusiveMinimum");
  if (above !== undefined)
    rules.push((value, run) => value > above || fail(run, `must be more than ${above}`));
  const below = numberKeyword(schema, "exclusiveMaximum");
  if (below !== undefined)
    rules.push((value, run) => value < below || fail(run, `must be less than ${below}`));
  const step = numberKeyword(schema, "multipleOf");
  if (step !== undefined && step > 0) {
    rules.push((value, run) => isMultiple(value, step) || fail(run, `must be a multiple of ${step}`));
  }
  return rules;
}

/** 0.0075 is a multiple of 0.0001, though not in binary: the quotient may miss a whole number by rounding. */
function isMultiple(value: number, step: number): boolean {
  const quotient = value / step;
  if (!Number.isFinite(quotient)) return value % step === 0;
  return Math.abs(quotient - Math.round(quotient)) <= Math.abs(quotient) * 2 ** -50;
}

/** The keywords for strings. */
export function stringRules(schema: SchemaObject): Rule<string>[] {
  return [...lengthRules(schema), ...patternRules(schema), ...formatRules(schema)];
}

function lengthRules(schema: SchemaObject): Rule<string>[] {
  const rules: Rule<string>[] = [];
  const min = numberKeyword(schema, "minLength");
  if (min !== undefined) {
    rules.push(
      (value, run) => hasCodePoints(value, min) || fail(run, `must have at least ${characters(min)}`),
    );
  }
  const max = numberKeyword(schema, "maxLength");
  if (max !== undefined) {
    rules.push(
      (value, run) =>
        value.length <= max ||
        !hasCodePoints(value, max + 1) ||
        fail(run, `must have at most ${characters(max)}`),
    );
  }
  return rules;
}

/** A pattern that the linear-time engine cannot run is not checked; the compiler has warned. */
function patternRules(schema: SchemaObject): Rule<string>[] {
  const text = textKeyword(schema, "pattern");
  const pattern = text === undefined ? undefined : compilePattern(text, "search");
  if (!pattern || "problem" in pattern) return [];
  return [(value, run) => pattern.test(value) || fail(run, "does not match the pattern of its schema")];
}

function formatRules(schema: SchemaObject): Rule<string>[] {
  const format = formats.get(textKeyword(schema, "format") ?? "");
  return format ? [(value, run) => format.test(value) || fail(run, `must be ${format.noun}`)] : [];
}

/** True where the text has at least `wanted` characters (code points, not UTF-16 units). */
function hasCodePoints(text: string, wanted: number): boolean {
  if (text.length < wanted) return false;
  if (text.length >= 2 * wanted) return true;
  let pairs = 0;
  for (let at = 1; at < text.length; at++) {
    const isPair = isSurrogate(text.charCodeAt(at), 0xdc00) && isSurrogate(text.charCodeAt(at - 1), 0xd800);
    if (isPair) pairs++;
  }
  return text.length - pairs >= wanted;
}

function isSurrogate(unit: number, first: number): boolean {
  return unit >= first && unit < first + 0x400;
}

function characters(count: number): string {
  return count === 1 ? "1 character" : `${count} characters`;
}
