/**
 * The JSON and YAML suites as descriptors, and every naughty string in every text of a whole descriptor, through the
 * command line in every format: an answer, the right exit code, and nothing that a terminal or a CI log obeys.
 */
import { XMLValidator } from "fast-xml-parser";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { formats } from "../../cli/report/formats.ts";
import { everyAddedField, everyCoreField } from "../schema/whole-descriptors.ts";
import { corpusTexts, hostileTexts } from "./report/hostile.ts";
import { inertLog } from "./report/inert-log.ts";
import { parseCommands } from "./report/parse-commands.ts";
import { parseMarkdown } from "./report/parse-markdown.ts";
import { jsonSuite, yamlSuite } from "./report/suites.ts";
import { folderWith, type Ran, run } from "./support.ts";

/** How each format's reader takes it in; each throws or fails where it cannot. */
const readers: Readonly<Record<string, (output: string) => void>> = {
  pretty: inertLog,
  stylish: inertLog,
  json: (output) => {
    inertLog(output);
    expect(JSON.parse(output)).toHaveProperty("diagnostics");
  },
  sarif: (output) => {
    inertLog(output);
    expect(JSON.parse(output)).toHaveProperty("runs");
  },
  codeclimate: (output) => {
    inertLog(output);
    expect(Array.isArray(JSON.parse(output))).toBe(true);
  },
  github: (output) => {
    inertLog(output.replace(/^::(?=\w+ )/gm, ""));
    const names = parseCommands(output).map(({ name }) => name);
    expect(names.filter((name) => !["error", "warning", "notice"].includes(name))).toEqual([]);
  },
  junit: (output) => {
    inertLog(output);
    expect(XMLValidator.validate(output)).toBe(true);
  },
  markdown: (output) => {
    inertLog(output);
    expect(parseMarkdown(output).rest).toMatch(/^[\w\s*:,().-]*$/);
  },
};

it("reads every format", () => {
  expect(Object.keys(readers).sort()).toEqual([...formats.keys()].sort());
});

/** Validates the files in every format; answers what came out in JSON. */
async function judge(files: Readonly<Record<string, string | Uint8Array>>): Promise<Ran> {
  const cwd = await folderWith(files);
  const each: Ran[] = [];
  for (const [format, check] of Object.entries(readers)) {
    const ran = await run(["validate", "--format", format, ...Object.keys(files)], { cwd });
    check(ran.stdout);
    inertLog(ran.stderr);
    expect(ran.stderr).not.toMatch(/\n +at .*:\d+:\d+/);
    each.push(ran);
  }
  // The format changes what is written, never the answer.
  expect(new Set(each.map(({ code }) => code)).size).toBe(1);
  const [first] = each;
  if (!first) throw new Error("there is no format");
  expect([0, 1]).toContain(first.code);
  return { ...first, stdout: each[2]?.stdout ?? "" };
}

/** The rules that the JSON report names, by file. */
function rulesOf({ stdout }: Ran): ReadonlyMap<string, readonly string[]> {
  const { diagnostics }: { readonly diagnostics: readonly { file: string; rule: string }[] } =
    JSON.parse(stdout);
  const byFile = new Map<string, string[]>();
  for (const { file, rule } of diagnostics) byFile.set(file, [...(byFile.get(file) ?? []), rule]);
  return byFile;
}

const json = jsonSuite();
const yaml = yamlSuite();

describe.skipIf(json === undefined)("the JSON suite", () => {
  it("is answered in every format; what is no JSON is said to be none", async () => {
    const ran = await judge(json ?? {});
    const rules = rulesOf(ran);
    expect(ran.code).toBe(1);
    const isSyntax = (name: string): boolean =>
      (rules.get(name) ?? []).some((rule) => /^(?:json|file|names)\//.test(rule));
    const refused = Object.keys(json ?? {}).filter((name) => name.startsWith("n_"));
    expect(refused.length).toBeGreaterThan(150);
    expect(refused.filter((name) => !isSyntax(name))).toEqual([]);
  });
});

describe.skipIf(yaml === undefined)("the YAML suite", () => {
  it("is answered in every format: none of it is a descriptor", async () => {
    const ran = await judge(yaml ?? {});
    expect(ran.code).toBe(1);
    const names = Object.keys(yaml ?? {});
    expect(names.length).toBeGreaterThan(300);
    const rules = rulesOf(ran);
    expect(names.filter((name) => !rules.has(name))).toEqual([]);
  });
});

describe("naughty strings in every text of a descriptor", () => {
  const texts = [...hostileTexts, ...(corpusTexts() ?? [])];
  it.each([
    ["with the core's fields", parse(everyCoreField)],
    ["with the added fields", parse(everyAddedField)],
  ])("%s are answered in every format", async (_, whole: unknown) => {
    const places = countTexts(whole);
    expect(places).toBeGreaterThan(100);
    const step = 24;
    // In each file every text is another naughty string, and over all files each string comes to stand in many places.
    const files = Object.fromEntries(
      Array.from({ length: Math.ceil(texts.length / step) }, (_none, file) => [
        `${file}.json`,
        JSON.stringify(replaceTexts(whole, texts, file * step)),
      ]),
    );
    const { code } = await judge(files);
    expect(code).toBe(1);
  });

  it.each(["a key", "a name", "a template", "a path", "a reference"])(
    "as %s of an otherwise right descriptor",
    async (place) => {
      const at = 50;
      const files = Object.fromEntries(
        Array.from({ length: Math.ceil(texts.length / at) }, (_none, file) => [
          `${file}.json`,
          JSON.stringify(deskWith(place, texts.slice(file * at, (file + 1) * at))),
        ]),
      );
      await judge(files);
    },
  );
});

/** A descriptor with an operation for each text, which stands at that place of it. */
function deskWith(place: string, texts: readonly string[]): unknown {
  const operation = (text: string, index: number): unknown => {
    const put = (where: string, otherwise: string): string => (where === place ? text : otherwise);
    return {
      operation_id: `list_${index}`,
      endpoint: put("a template", "/tickets"),
      summary: put("a name", "List tickets"),
      auth_type_ref: put("a reference", "bearer"),
      headers: { [put("a key", "X-App")]: put("a template", "one") },
      response: { records_path: put("a path", "$.tickets") },
      tags: [put("a name", "read")],
    };
  };
  return {
    metadata: { name: "Desk", slug: "desk", description: "Tickets of a desk.", publisher: "Example" },
    base_url: "https://desk.example.com",
    authentication: [{ type: "bearer" }],
    operations: texts.map(operation),
  };
}

function countTexts(value: unknown): number {
  if (typeof value === "string") return 1;
  if (typeof value !== "object" || value === null) return 0;
  return Object.values(value).reduce<number>((sum, inner) => sum + countTexts(inner), 0);
}

/** A copy in which every text is one of the given, in their order from one of them on. */
function replaceTexts(value: unknown, texts: readonly string[], from: number): unknown {
  let at = from;
  const copy = (inner: unknown): unknown => {
    if (typeof inner === "string") return texts[at++ % texts.length];
    if (Array.isArray(inner)) return inner.map(copy);
    if (typeof inner !== "object" || inner === null) return inner;
    return Object.fromEntries(Object.entries(inner).map(([key, one]) => [key, copy(one)]));
  };
  return copy(value);
}
