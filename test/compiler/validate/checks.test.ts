import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { validate as validateConfig } from "../../../compiler/config/config.gen.js";
import isConfig from "../../../compiler/config/config-check.gen.ts";
import { validate as validateDescriptor } from "../../../compiler/validate/descriptor.gen.js";
import isDescriptor from "../../../compiler/validate/descriptor-check.gen.ts";
import { validate as validateSchema } from "../../../compiler/validate/meta-schema.gen.js";
import isSchema from "../../../compiler/validate/meta-schema-check.gen.ts";
import { checkModule } from "../../../schema/generate/check.ts";
import * as whole from "../../schema/whole-descriptors.ts";

/** What an author may put in the place of any value: each type, empty, long, at and beside the bounds. */
const substitutes: readonly unknown[] = [
  null,
  -1,
  1e9,
  "",
  "😀",
  "x".repeat(101),
  [],
  [{}],
  { type: "cursor", constructor: 1 },
];

/** The value, and each that one substitution or removal anywhere in it makes. */
function* variants(value: unknown): Generator<unknown> {
  yield value;
  yield* substitutes;
  if (Array.isArray(value)) {
    yield value.slice(1);
    for (const [index, item] of value.entries())
      for (const variant of variants(item)) yield value.with(index, variant);
  } else if (typeof value === "object" && value !== null)
    for (const [key, inner] of Object.entries(value)) {
      const { [key]: _gone, ...rest } = value as Record<string, unknown>;
      yield rest;
      for (const variant of variants(inner)) yield { ...rest, [key]: variant };
    }
}

const schema = {
  $id: "https://example.com/a",
  $ref: "#/$defs/a",
  $defs: { a: { $anchor: "a", type: ["string", "null"], minLength: 1, pattern: "^a" } },
  type: "object",
  properties: { a: { items: { multipleOf: 2, enum: [1, "a", {}] }, uniqueItems: true }, b: false },
  patternProperties: { "^x": true },
  dependentRequired: { a: ["b"] },
  required: ["a", "b"],
  anyOf: [{ not: { maximum: 3 } }, { if: true, else: { const: 1 } }],
};

const config = {
  preset: "strict",
  rules: { "yaml/anchor": "off" },
  next: true,
  fail_severity: "warning",
  max_warnings: 3,
  baseline: "known.json",
  ignore: ["old/**"],
  overrides: [{ files: ["a.yaml"], preset: "minimal", rules: { "yaml/anchor": "error" } }],
};

describe("a check and the validator of one schema agree", () => {
  const descriptors = Object.entries(whole).filter(
    (one): one is [string, string] => typeof one[1] === "string",
  );
  it.each([
    ...descriptors.map(
      ([name, text]) => [name, parse(text) as unknown, isDescriptor, validateDescriptor] as const,
    ),
    ["a JSON Schema", schema, isSchema, validateSchema] as const,
    ["a configuration", config, isConfig, validateConfig] as const,
  ])("on %s, and wherever one value of it is another or gone", (_name, value, isRight, validator) => {
    expect(isRight(value)).toBe(true);
    let wrong = 0;
    for (const variant of variants(value)) {
      const right = validator(variant);
      if (!right) wrong++;
      if (isRight(variant) !== right)
        expect({ isRight: !right, variant }).toEqual({ isRight: right, variant });
    }
    expect(wrong).toBeGreaterThan(50);
  });
});

it("a keyword that no check can be made of ends the generator, and is not left out", () => {
  expect(() => checkModule({ type: "object", minContains: 2 })).toThrow(
    "no check is made of the keyword minContains",
  );
});
