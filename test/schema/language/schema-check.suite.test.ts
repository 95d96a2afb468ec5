import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Json, JsonSchema } from "../../../schema/ir.ts";
import { createSchemaCheck } from "../../../schema/language/schema-check/index.ts";
import { suitePath } from "../../runtime/response/corpus.ts";

interface Group {
  readonly description: string;
  readonly schema: JsonSchema;
  readonly tests: readonly { readonly description: string; readonly data: Json; readonly valid: boolean }[];
}

/** Files that are not run, each with its reason. */
const excludedFiles: Readonly<Record<string, string>> = {
  "dynamicRef.json": "$dynamicRef is followed like $ref: no connector's schema is extended from outside",
  "refRemote.json": "remote references are errors in a descriptor; nothing is ever fetched",
  "vocabulary.json": "a schema cannot choose another dialect",
};

/** Groups of other files that are not run. */
const excludedGroups: Readonly<Record<string, string>> = {
  "defs.json: validate definition against metaschema": "the meta-schema is a remote reference",
  "ref.json: remote ref, containing refs itself": "the meta-schema is a remote reference",
  "unevaluatedItems.json: unevaluatedItems with $dynamicRef": "see dynamicRef.json",
  "unevaluatedProperties.json: unevaluatedProperties with $dynamicRef": "see dynamicRef.json",
};

/** The suite wants formats to be mere annotations; the language checks these. */
const checkedFormats = ["date", "date-time", "email", "uri", "uuid", "ipv4", "ipv6"];
const excludedTests = checkedFormats.map(
  (format) => `format.json: ${format} format: invalid ${format} string is only an annotation by default`,
);

const folder = suitePath("json-schema/tests/draft2020-12");

function groupsOf(file: string): readonly Group[] {
  return JSON.parse(readFileSync(join(folder ?? "", file), "utf8")) as Group[];
}

describe.skipIf(!folder)("JSON Schema's own suite, draft 2020-12", () => {
  const files = folder ? readdirSync(folder).filter((file) => file.endsWith(".json")) : [];
  const run = files.filter((file) => !Object.hasOwn(excludedFiles, file));

  it("passes every required test that is run: 1204 of 1299, no failure", () => {
    let passed = 0;
    let all = 0;
    for (const file of files) for (const group of groupsOf(file)) all += group.tests.length;
    for (const file of run) {
      for (const group of groupsOf(file)) {
        if (Object.hasOwn(excludedGroups, `${file}: ${group.description}`)) continue;
        const check = createSchemaCheck(group.schema, {});
        for (const test of group.tests) {
          const name = `${file}: ${group.description}: ${test.description}`;
          if (excludedTests.includes(name)) continue;
          expect(check(test.data).length === 0, name).toBe(test.valid);
          passed++;
        }
      }
    }
    console.info(`JSON Schema suite: ${passed} of ${all} required tests run and passed`);
    expect({ passed, all }).toEqual({ passed: 1204, all: 1299 });
  });

  it("excludes nothing that is not there", () => {
    const names = files.flatMap((file) => groupsOf(file).map((group) => `${file}: ${group.description}`));
    expect(Object.keys(excludedFiles).filter((file) => !files.includes(file))).toEqual([]);
    expect(Object.keys(excludedGroups).filter((group) => !names.includes(group))).toEqual([]);
    const tests = groupsOf("format.json").flatMap((group) =>
      group.tests.map((test) => `format.json: ${group.description}: ${test.description}`),
    );
    expect(excludedTests.filter((test) => !tests.includes(test))).toEqual([]);
  });

  it.each(checkedFormats)("the format %s refuses nothing that is right", (format) => {
    for (const group of groupsOf(`optional/format/${format}.json`)) {
      const check = createSchemaCheck(group.schema, {});
      for (const test of group.tests.filter((one) => one.valid))
        expect(check(test.data), test.description).toEqual([]);
    }
  });

  it("ends in an answer for every optional test", () => {
    for (const file of readdirSync(join(folder ?? "", "optional")).filter((name) => name.endsWith(".json"))) {
      for (const group of groupsOf(`optional/${file}`)) {
        try {
          const check = createSchemaCheck(group.schema, {});
          for (const test of group.tests) expect(Array.isArray(check(test.data))).toBe(true);
        } catch (error) {
          expect(error, `${file}: ${group.description}`).toMatchObject({ name: "SchemaReferenceError" });
        }
      }
    }
  });
});
