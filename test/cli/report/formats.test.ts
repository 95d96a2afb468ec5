/** Each format by an example: what its reader makes of it. */
import { XMLParser } from "fast-xml-parser";
import { describe, expect, it } from "vitest";
import { formats } from "../../../cli/report/formats.ts";
import type { RunReport } from "../../../cli/report/reporter.ts";
import { folderWith, run as runCommand, weather } from "../support.ts";
import { parseCommands } from "./parse-commands.ts";
import { reportFaults } from "./report-schema.ts";
import { fileOf, finding, range, reportOf } from "./reporting.ts";

const desk = fileOf([
  finding({
    severity: "warning",
    rule: "secret/in-url",
    message: "The key is in the URL.",
    range: range("1:1-4"),
  }),
  finding({
    help: "Did you mean `bearer`?",
    label: "used here",
    fix: { title: "Write `bearer`", edits: [{ text: "bearer", range: range("2:3-9") }] },
  }),
]);
const run: RunReport = {
  files: [
    desk,
    fileOf([], { name: "clean.yaml" }),
    fileOf([finding({ severity: "info" })], { name: "sub/x.yaml" }),
  ],
  problems: [],
};

describe("pretty", () => {
  it("counts what it found, and how much of it --fix mends", async () => {
    expect(await reportOf("pretty", run)).toMatch(
      /\n3 files: 1 error, 1 warning, 1 info \(1 can be fixed with --fix\)\n$/,
    );
  });

  it("cuts lines to the width of the terminal", async () => {
    const long = {
      files: [fileOf([finding({ range: range("1:1-4") })], { text: "x".repeat(500) })],
      problems: [],
    };
    const widest = async (options: object): Promise<number> =>
      Math.max(...(await reportOf("pretty", long, options)).split("\n").map((line) => line.length));
    expect(await widest({ columns: 90 })).toBeLessThanOrEqual(91);
    expect(await widest({ columns: 200 })).toBeGreaterThan(190);
  });
});

describe("stylish", () => {
  it("is a line a finding below the name of its file", async () => {
    expect(await reportOf("stylish", run)).toBe(
      [
        "desk.yaml",
        "  1:1  warning  The key is in the URL.                        secret/in-url",
        "  2:3  error    There is no authentication profile `beerer`.  reference/unknown-profile",
        "",
        "sub/x.yaml",
        "  2:3  info     There is no authentication profile `beerer`.  reference/unknown-profile",
        "",
        "3 files: 1 error, 1 warning, 1 info (1 can be fixed with --fix)",
        "",
      ].join("\n"),
    );
  });
});

describe("json", () => {
  it("is what its published schema says, labels and mends too", async () => {
    const text = await reportOf("json", run);
    expect(reportFaults(text)).toEqual([]);
    expect(JSON.parse(text).diagnostics[1]).toMatchObject({
      label: "used here",
      fix: { title: "Write `bearer`" },
    });
    expect(reportFaults(text.replace('"column": 3', '"column": 0'))).not.toEqual([]);
    expect(reportFaults(text.replace('"files": 3', '"files": 3, "more": 1'))).not.toEqual([]);
  });
});

describe("github", () => {
  it("annotates errors first, as only the first ten of a level are shown", async () => {
    const commands = parseCommands(await reportOf("github", run));
    expect(commands.map(({ name }) => name)).toEqual(["error", "warning", "notice"]);
    expect(commands[0]).toEqual({
      name: "error",
      properties: {
        file: "desk.yaml",
        line: "2",
        endLine: "2",
        col: "3",
        endColumn: "9",
        title: "reference/unknown-profile",
      },
      message: "There is no authentication profile `beerer`.\nDid you mean `bearer`?",
    });
  });

  it("leaves out the columns of a range of several lines, which the runner refuses", async () => {
    const file = fileOf([finding({ range: range("1:1-2:3") })]);
    const [command] = parseCommands(await reportOf("github", { files: [file], problems: [] }));
    expect(command?.properties).toMatchObject({ line: "1", endLine: "2" });
    expect(command?.properties).not.toHaveProperty("col");
  });

  it("names files as the checkout does", async () => {
    const at = async (checkout: string): Promise<string | undefined> =>
      parseCommands(await reportOf("github", run, { cwd: "/work/desk/apis", checkout }))[0]?.properties.file;
    expect(await at("/work/desk")).toBe("apis/desk.yaml");
    expect(await at("/elsewhere")).toBe("desk.yaml");
  });
});

describe("junit", () => {
  const parse = (text: string) =>
    new XMLParser({
      ignoreAttributes: false,
      attributeNamePrefix: "",
      isArray: (name) => ["testsuite", "testcase"].includes(name),
    }).parse(text).testsuites;

  it("has a suite a file, and a case a finding", async () => {
    const suites = parse(await reportOf("junit", run));
    expect(suites).toMatchObject({ tests: "4", failures: "1", skipped: "2", errors: "0" });
    const [first, clean] = suites.testsuite;
    expect(first).toMatchObject({ name: "desk.yaml", tests: "2", failures: "1" });
    expect(first.testcase[1]).toMatchObject({
      name: "reference/unknown-profile at 2:3",
      classname: "desk.yaml",
      failure: { type: "reference/unknown-profile", message: "There is no authentication profile `beerer`." },
    });
    expect(clean.testcase).toEqual([
      { name: "no findings", classname: "clean.yaml", file: "clean.yaml", time: "0" },
    ]);
  });

  it("fails what fails the run, and has an error for what could not be read", async () => {
    const strict = { ...run, problems: ["cannot open x"], failSeverityOf: () => "warning" as const };
    const suites = parse(await reportOf("junit", strict));
    expect(suites).toMatchObject({ tests: "5", failures: "2", skipped: "1", errors: "1" });
    expect(suites.testsuite.at(-1).testcase[0].error.message).toBe("cannot open x");
  });
});

describe("codeclimate", () => {
  it("is GitLab's array of issues", async () => {
    const issues = JSON.parse(await reportOf("codeclimate", run));
    expect(issues).toHaveLength(3);
    expect(issues[1]).toEqual({
      type: "issue",
      check_name: "reference/unknown-profile",
      description: "There is no authentication profile `beerer`.",
      content: { body: "Did you mean `bearer`?" },
      categories: ["Bug Risk"],
      severity: "major",
      fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/),
      location: {
        path: "desk.yaml",
        positions: { begin: { line: 2, column: 3 }, end: { line: 2, column: 9 } },
      },
    });
    expect(issues.map(({ severity }: { severity: string }) => severity)).toEqual(["minor", "major", "info"]);
    expect(issues[0].categories).toEqual(["Security"]);
  });
});

describe("markdown", () => {
  it("lists findings by file, every text of theirs in code", async () => {
    const message = "``There is no authentication profile `beerer`.``";
    expect(await reportOf("markdown", run)).toBe(
      [
        "**connector validate**: 3 files: 1 error, 1 warning, 1 info (1 can be fixed with --fix)",
        "",
        "**`desk.yaml`**",
        "",
        "- **warning** at 1:1, `secret/in-url`: `The key is in the URL.`",
        `- **error** at 2:3, \`reference/unknown-profile\`: ${message}`,
        "  - help: ``Did you mean `bearer`?``",
        "",
        "**`sub/x.yaml`**",
        "",
        `- **info** at 2:3, \`reference/unknown-profile\`: ${message}`,
        "",
      ].join("\n"),
    );
  });
});

describe("every format", () => {
  it("is named by --help", async () => {
    const { stdout } = await runCommand(["validate", "--help"], { cwd: "/" });
    const help = stdout.replace(/\s+/g, " ");
    const [, named = ""] = /how findings are printed: (.*?);/.exec(help) ?? [];
    expect(named.split(/, | or /)).toEqual([...formats.keys()]);
  });

  it.each(["pretty", "stylish", "json", "sarif", "github", "junit", "codeclimate", "markdown"])(
    "%s is printed by the command, for findings and for none",
    async (format) => {
      const cwd = await folderWith({
        "good.yaml": weather,
        "bad.yaml": weather.replace("auth_type_ref: api_key", "auth_type_ref: api_keys"),
      });
      const bad = await runCommand(["validate", "bad.yaml", "--format", format], { cwd });
      expect(bad).toMatchObject({ code: 1, stderr: "" });
      expect(bad.stdout).toContain("reference/unknown-profile");
      const good = await runCommand(["validate", "good.yaml", "--format", format], { cwd });
      expect(good).toMatchObject({ code: 0, stderr: "" });
      expect(good.stdout).not.toContain("reference/unknown-profile");
    },
  );
});
