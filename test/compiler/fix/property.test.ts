/** `--fix` held against every mistake that we know: what is certain must be right, and nothing right may be mended. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compileText } from "../../../compiler/compile.ts";
import { fixText } from "../../../compiler/fix/fix-text.ts";
import type { Connector } from "../../../schema/ir.ts";
import { mistakes } from "../mistakes.ts";
import { unusual } from "../unusual.ts";

const root = new URL("../../../", import.meta.url);
const base = readFileSync(new URL("test/support/base.yaml", root), "utf8");

async function check(text: string) {
  return (await compileText(text)).diagnostics;
}

async function irOf(text: string): Promise<Connector | undefined> {
  return (await compileText(text)).connectors[0]?.ir;
}

/** Mistakes whose mend says more than the base did: it is right in itself, and so must be free of errors. */
const ownMeaning = new Set([
  "a number as a name",
  "an unquoted hole",
  "a mustache",
  "a hole without quotes in a body",
  "a path name with a dash",
]);

describe("a mistake whose mend is certain", async () => {
  const fixable = [];
  for (const mistake of mistakes) {
    const text = base.replace(mistake.find, () => mistake.put);
    const diagnostics = await check(text);
    if (diagnostics.some(({ fix }) => fix)) fixable.push({ ...mistake, text, errors: errors(diagnostics) });
  }

  it("is one of many", () => {
    expect(fixable.length).toBeGreaterThan(15);
  });

  it.each(fixable)("$title: is gone, or left alone, and nothing else changes", async (one) => {
    const { text, fixed, diagnostics } = await fixText(one.text, check);
    const again = await fixText(text, check);
    expect(again).toMatchObject({ text, fixed: [] });
    if (fixed.length === 0) {
      // The mend would have broken something else, such as a reference to the old name.
      expect(text).toBe(one.text);
      return;
    }
    expect(diagnostics.map(({ rule }) => rule)).not.toContain(one.rule);
    expect(errors(diagnostics)).toBeLessThanOrEqual(one.errors);
    if (!ownMeaning.has(one.title)) expect(await irOf(text)).toEqual(await irOf(base));
  });
});

describe("what is right", () => {
  const shipped = readdirSync(new URL("descriptors/", root)).map((name) => ({
    name,
    text: readFileSync(new URL(`descriptors/${name}/connector.yaml`, root), "utf8"),
  }));

  it.each(shipped)("$name is offered no mend", async ({ text }) => {
    expect((await check(text)).filter(({ fix }) => fix)).toEqual([]);
  });

  it.each(unusual)("$title is offered no mend", async ({ change, warnings = [] }) => {
    const found = (await check(change(base))).filter(({ fix }) => fix);
    expect(found.filter(({ rule }) => !warnings.includes(rule))).toEqual([]);
  });
});

function errors(diagnostics: Awaited<ReturnType<typeof check>>): number {
  return diagnostics.filter(({ severity }) => severity === "error").length;
}
