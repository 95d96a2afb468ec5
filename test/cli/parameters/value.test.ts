import { describe, expect, it } from "vitest";
import { readValue } from "../../../cli/parameters/value.ts";
import type { FieldType } from "../../../schema/ir.ts";

describe("text from a command line, read by the declared type", () => {
  it.each<[FieldType, string, unknown]>([
    ["string", "007", "007"],
    ["string", "", ""],
    ["secret", "true", "true"],
    ["integer", "-12", -12],
    ["integer", "9007199254740993", "9007199254740993"],
    ["number", "1.5e3", 1500],
    ["boolean", "false", false],
    ["json", '{"a":[1]}', { a: [1] }],
    ["json", "null", null],
    ["object", '{"__proto__":1}', JSON.parse('{"__proto__":1}')],
    ["array", "[1,2]", [1, 2]],
    ["array", "a,b", ["a,b"]],
    ["date", "2026-01-02", "2026-01-02"],
  ])("%s %j", (type, text, value) => expect(readValue(text, type)).toEqual({ value }));

  it.each<[FieldType, string]>([
    ["integer", "1.5"],
    ["integer", "0x10"],
    ["integer", ""],
    ["number", "NaN"],
    ["number", "1e"],
    ["boolean", "yes"],
    ["json", "a"],
    ["object", "[]"],
    ["array", "[1"],
  ])("refuses %s %j and says what it takes", (type, text) =>
    expect(readValue(text, type)).toMatchObject({ expected: expect.any(String) }),
  );

  it("reads one element of a list by the type of its items", () => {
    expect(readValue("7", "array", { type: "array", items: { type: "integer" } })).toEqual({ value: [7] });
  });
});
