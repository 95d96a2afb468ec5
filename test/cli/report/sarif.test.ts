/** SARIF by its standard: the schema of OASIS, and what the schema does not say. */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RunReport } from "../../../cli/report/reporter.ts";
import { hostileTexts } from "./hostile.ts";
import { everywhere, fileOf, finding, hostileRuns, range, reportOf, runOf } from "./reporting.ts";

const standard = join(import.meta.dirname, "../../../../shared/corpus/suites/sarif/sarif-schema-2.1.0.json");
const hasStandard = existsSync(standard);
if (!hasStandard) console.warn(`skipped: there is no ${standard}`);

/** The log as the standard's schema judges it; draft 4 is close enough to 7 for what that schema uses. */
function faultsFinder(): (log: unknown) => readonly string[] {
  const { $schema: _draft, id: _id, ...schema } = JSON.parse(readFileSync(standard, "utf8"));
  const ajv = new Ajv({ strict: false, allErrors: true });
  ajv.addFormat("uri", (text: string) => URL.canParse(text) && /^[\x21-\x7e]+$/.test(text));
  ajv.addFormat("uri-reference", (text: string) =>
    /^(?:[\w.~:/?#[\]@!$&'()*+,;=-]|%[\dA-F]{2})*$/.test(text),
  );
  ajv.addFormat("date-time", true);
  const validate = ajv.compile(schema);
  return (log) =>
    validate(log)
      ? []
      : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

const whole: RunReport = {
  files: [
    fileOf(
      [
        finding({
          label: "used here",
          help: "Did you mean `bearer`?",
          related: [{ file: "desk.yaml", message: "declared here", range: range("1:1-4") }],
          fix: { title: "Write `bearer`", edits: [{ text: "bearer", range: range("2:3-9") }] },
        }),
        finding({
          rule: "secret/in-url",
          severity: "warning",
          suggestion: { text: "x", range: range("1:1-2") },
        }),
      ],
      {
        suppressed: [
          {
            diagnostic: finding({ rule: "chain/unused-extract", severity: "info" }),
            by: "inline",
            reason: "Kept.",
          },
          { diagnostic: finding({ rule: "chain/unused-extract" }), by: "baseline" },
        ],
      },
    ),
    fileOf([], { name: "ärger/a b%#?.yaml" }),
    fileOf([finding({ severity: "info" })], { name: "../outside.yaml" }),
    fileOf([], { name: "-" }),
  ],
  problems: ["cannot open nowhere.yaml"],
  exitCode: 2,
};

describe("sarif", () => {
  it.skipIf(!hasStandard)("is valid by the standard's schema, whatever a descriptor says", async () => {
    const faults = faultsFinder();
    const judge = async (run: RunReport): Promise<void> => {
      expect(faults(JSON.parse(await reportOf("sarif", run)))).toEqual([]);
    };
    await judge(whole);
    await judge({ files: [], problems: [] });
    const [file] = whole.files;
    if (file) await judge({ files: [file, file], problems: [] });
    await judge(everywhere(hostileTexts));
    await fc.assert(fc.asyncProperty(hostileRuns(hostileTexts), judge), { numRuns: 15 });
  });

  it("shows a finding with its places, its mend and its rule", async () => {
    const [run] = JSON.parse(await reportOf("sarif", whole)).runs;
    const [first, second] = run.results;
    const artifactLocation = { uri: "desk.yaml", uriBaseId: "%SRCROOT%" };
    const region = { startLine: 2, startColumn: 3, endLine: 2, endColumn: 9 };
    expect(run.columnKind).toBe("utf16CodeUnits");
    expect(run.originalUriBaseIds).toEqual({ "%SRCROOT%": { uri: "file:///work/desk/" } });
    expect(first).toMatchObject({
      ruleId: "reference/unknown-profile",
      level: "error",
      message: { text: "There is no authentication profile `beerer`.\nDid you mean `bearer`?" },
      locations: [{ physicalLocation: { artifactLocation, region }, message: { text: "used here" } }],
      relatedLocations: [{ id: 1, message: { text: "declared here" } }],
      fixes: [
        {
          description: { text: "Write `bearer`" },
          artifactChanges: [
            {
              artifactLocation,
              replacements: [{ deletedRegion: region, insertedContent: { text: "bearer" } }],
            },
          ],
        },
      ],
      suppressions: [],
    });
    expect(second.fixes[0].artifactChanges[0].replacements[0].insertedContent).toEqual({ text: "x" });
    for (const { ruleId, ruleIndex } of run.results) expect(run.tool.driver.rules[ruleIndex].id).toBe(ruleId);
  });

  it("describes the rules that it speaks of, and no others", async () => {
    const [run] = JSON.parse(await reportOf("sarif", whole)).runs;
    const { rules } = run.tool.driver;
    expect(rules.map(({ id }: { id: string }) => id)).toEqual([
      "chain/unused-extract",
      "reference/unknown-profile",
      "secret/in-url",
    ]);
    expect(rules[1]).toMatchObject({
      name: "ReferenceUnknownProfile",
      shortDescription: { text: expect.stringMatching(/\.$/) },
      fullDescription: { text: expect.any(String) },
      help: { text: expect.any(String), markdown: expect.stringContaining("**reference/unknown-profile**") },
      defaultConfiguration: { level: "error" },
      properties: { tags: ["reference"], preset: "minimal" },
    });
  });

  it("tells how the run went, and what was accepted", async () => {
    const [run] = JSON.parse(await reportOf("sarif", whole)).runs;
    expect(run.invocations).toMatchObject([
      {
        executionSuccessful: false,
        exitCode: 2,
        toolExecutionNotifications: [{ level: "error", message: { text: "cannot open nowhere.yaml" } }],
      },
    ]);
    expect(run.results.flatMap(({ suppressions }: { suppressions: object[] }) => suppressions)).toEqual([
      { kind: "inSource", status: "accepted", justification: "Kept." },
      { kind: "external", status: "accepted" },
    ]);
  });

  it("encodes names of files, and lets no relative URI lead out of its base", async () => {
    const [run] = JSON.parse(await reportOf("sarif", whole)).runs;
    expect(run.artifacts.map(({ location }: { location: { uri: string } }) => location.uri)).toEqual([
      "desk.yaml",
      "%C3%A4rger/a%20b%25%23%3F.yaml",
      "file:///work/outside.yaml",
      "-",
    ]);
  });

  it("keeps fingerprints when lines are added above, and tells twins apart", async () => {
    const prints = async (above: string): Promise<string[]> => {
      const at = above.split("\n").length;
      const place = range(`${at + 1}:3-${at + 1}:9`);
      const twin = range(`${at + 2}:3-${at + 2}:9`);
      const text = `${above}one: 1\n  beerer: 2\n  beerer: 2\n`;
      const file = fileOf([finding({ range: place }), finding({ range: twin })], { text });
      const [run] = JSON.parse(await reportOf("sarif", runOf(file))).runs;
      return run.results.map((result: { partialFingerprints: object }) =>
        Object.values(result.partialFingerprints).join(),
      );
    };
    const before = await prints("");
    expect(await prints("# one\n# two\n")).toEqual(before);
    expect(new Set(before).size).toBe(2);
  });
});
