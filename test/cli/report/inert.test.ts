/** Whatever a descriptor says, no format writes what its reader would obey, and each can be read back. */

import fc from "fast-check";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { describe, expect, it } from "vitest";
import { formats } from "../../../cli/report/formats.ts";
import type { RunReport } from "../../../cli/report/reporter.ts";
import { compileText } from "../../../compiler/compile.ts";
import { escapeText } from "../../../compiler/escape.ts";
import { corpusTexts, hostileTexts } from "./hostile.ts";
import { inertLog } from "./inert-log.ts";
import { parseCommands } from "./parse-commands.ts";
import { parseMarkdown } from "./parse-markdown.ts";
import { allFindings, everywhere, hostileRuns, reportOf } from "./reporting.ts";

const corpus = corpusTexts();

/** What each format must keep, whatever the run. */
const checks: Readonly<Record<string, (output: string, run: RunReport) => void>> = {
  pretty: inertLog,
  stylish: (output, run) => {
    inertLog(output);
    const rows = output.split("\n").filter((line) => /^ +\d+:\d+ {2}(?:error|warning|info) /.test(line));
    expect(rows).toHaveLength(allFindings(run).length);
  },
  json: (output, run) => {
    inertLog(output);
    expect(JSON.parse(output).diagnostics).toEqual(allFindings(run).map(({ one }) => one));
  },
  codeclimate: (output, run) => {
    inertLog(output);
    const issues: readonly Record<string, unknown>[] = JSON.parse(output);
    expect(issues.map(({ description }) => description)).toEqual(
      allFindings(run).map(({ one }) => escapeText(one.message)),
    );
    expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(issues.length);
  },
  sarif: (output, run) => {
    inertLog(output);
    const [{ results, invocations }] = JSON.parse(output).runs;
    expect(results).toHaveLength(allFindings(run).length);
    expect(invocations[0].toolExecutionNotifications ?? []).toHaveLength(run.problems.length);
    for (const { message } of results) {
      const live = message.text.replace(/\\[\\[\]]/g, "").replace(/\{\{|\}\}/g, "");
      expect(live).not.toMatch(/\[[^\]]*\]\(|\{\d+\}/);
    }
  },
  github: (output, run) => {
    inertLog(output.replace(/^::(?=\w+ )/gm, ""));
    const commands = parseCommands(output);
    expect(commands).toHaveLength(output.split("\n").length - 1);
    const messages = commands.filter(({ properties }) => properties.file !== undefined);
    const wanted = allFindings(run).map(({ name, one }) => ({
      name: escapeText(name),
      title: one.rule,
      message: lines(one.help === undefined ? one.message : `${one.message}\n${one.help}`),
    }));
    const got = messages.map(({ properties, message }) => ({
      name: properties.file,
      title: properties.title,
      message,
    }));
    const order = (all: readonly object[]): string[] => all.map((one) => JSON.stringify(one)).sort();
    expect(order(got)).toEqual(order(wanted));
  },
  junit: (output, run) => {
    inertLog(output);
    expect(XMLValidator.validate(output)).toBe(true);
    expect(output).not.toMatch(/[^\u{9}\u{a}\u{d}\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u);
    expect(junitMessages(output)).toEqual([
      ...allFindings(run).map(({ one }) =>
        lines(one.severity === "error" ? one.message : `${one.severity}: ${one.message}`),
      ),
      ...run.problems.map(lines),
    ]);
  },
  markdown: (output, run) => {
    inertLog(output);
    const { code, rest } = parseMarkdown(output);
    // Outside of code there are only words of ours.
    expect(rest).toMatch(/^[\w\s*:,().-]*$/);
    const spans = new Set(code);
    expect(allFindings(run).filter(({ one }) => !spans.has(escapeText(one.message)))).toEqual([]);
  },
};

/** The text as escaped line by line, which line feeds survive. */
function lines(text: string): string {
  return text.split("\n").map(escapeText).join("\n");
}

function junitMessages(output: string): string[] {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: "",
    htmlEntities: true,
    trimValues: false,
    parseAttributeValue: false,
    isArray: (name) => name === "testsuite" || name === "testcase",
  });
  const { testsuites } = parser.parse(output);
  const suites: readonly { readonly testcase: readonly Record<string, { message?: string }>[] }[] =
    testsuites.testsuite ?? [];
  return suites.flatMap(({ testcase }) =>
    testcase.flatMap(({ failure, skipped, error }) => (failure ?? skipped ?? error)?.message ?? []),
  );
}

it("is proved of every format", () => {
  expect(Object.keys(checks).sort()).toEqual([...formats.keys()].sort());
});

describe.each(["pretty", "stylish"])("%s in colour", (format) => {
  it("holds no escape sequences but those that colour", async () => {
    const output = await reportOf(format, everywhere(hostileTexts), { color: true });
    const sequences = /\u001b\[(?:\d+;)?\d+m/g;
    expect(output).toMatch(sequences);
    inertLog(output.replace(sequences, ""));
  });
});

describe("a descriptor of naughty strings", () => {
  it("is inert in every format", async () => {
    const texts = [...hostileTexts, ...(corpus ?? [])];
    const { diagnostics, text } = await compileText(naughtyDescriptor(texts), { format: "json" });
    expect(diagnostics.length).toBeGreaterThan(texts.length);
    const run = { files: [{ name: "descriptor", text, diagnostics }], problems: [] };
    for (const [format, check] of Object.entries(checks)) check(await reportOf(format, run), run);
  });
});

/** Each text as a reference, a name, a template and a key. */
function naughtyDescriptor(texts: readonly string[]): string {
  return JSON.stringify({
    metadata: { name: "Desk", slug: "desk", description: "Tickets.", publisher: "Example" },
    authentication: [{ type: "bearer" }],
    operations: texts.map((text, index) => ({
      operation_id: `o${index}`,
      endpoint: "https://desk.example.com/x",
      summary: text,
      auth_type_ref: text,
      parameters: [{ name: text, location: text }],
      headers: { "X-A": `{${text}}` },
      [`${text} ${index}`]: text,
    })),
  });
}

describe.each(Object.keys(checks))("%s", (format) => {
  const check = async (run: RunReport): Promise<void> => checks[format]?.(await reportOf(format, run), run);

  it("is inert, and can be read back, whatever a descriptor says", () =>
    fc.assert(fc.asyncProperty(hostileRuns(hostileTexts), check), { numRuns: 40 }));

  it("is inert for each text alone, in every place", async () => {
    for (const text of hostileTexts) await check(everywhere([text]));
  });

  it.skipIf(corpus === undefined)("is inert for every string of the corpora", () =>
    check(everywhere(corpus ?? [])),
  );
});
