/** Reports on standard output and in files, several at once, and what a command that fails still owes. */
import { existsSync, lstatSync, readdirSync, readFileSync, statSync } from "node:fs";
import { chmod, link, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { XMLValidator } from "fast-xml-parser";
import { describe, expect, it } from "vitest";
import { appendJobSummary } from "../../../cli/report/job-summary.ts";
import type { World } from "../../../cli/world.ts";
import { folderWith, json, run, weather } from "../support.ts";
import { parseCommands } from "./parse-commands.ts";
import { fileOf, finding, runOf } from "./reporting.ts";

const broken = weather.replace("auth_type_ref: api_key", "auth_type_ref: api_keys");
const read = (...path: string[]): string => readFileSync(join(...path), "utf8");

describe("several formats", () => {
  it("go to their files and to standard output at once", async () => {
    const cwd = await folderWith({ "weather.yaml": broken, "out/old.txt": "" });
    const formats = ["--format", "sarif=out/all.sarif", "--format", "json", "--format", "junit=all.xml"];
    const ran = await run(["validate", "weather.yaml", ...formats], { cwd });
    expect(ran).toMatchObject({ code: 1, stderr: "" });
    expect(json(ran)).toMatchObject({ errors: 1 });
    expect(JSON.parse(read(cwd, "out/all.sarif")).runs[0]).toMatchObject({
      invocations: [{ executionSuccessful: true, exitCode: 1 }],
      results: [{ ruleId: "reference/unknown-profile" }],
    });
    expect(read(cwd, "all.xml")).toContain('failures="1"');
    expect(readdirSync(cwd).sort()).toEqual(["all.xml", "out", "weather.yaml"]);
    expect(readdirSync(join(cwd, "out")).sort()).toEqual(["all.sarif", "old.txt"]);
  });

  it("replace what a file held, and keep its mode and the link that leads to it", async () => {
    const cwd = await folderWith({ "weather.yaml": weather, "report.json": "x".repeat(100_000) });
    await chmod(join(cwd, "report.json"), 0o640);
    await symlink("report.json", join(cwd, "latest.json"));
    expect(await run(["validate", "weather.yaml", "--format", "json=latest.json"], { cwd })).toMatchObject({
      code: 0,
    });
    expect(JSON.parse(read(cwd, "report.json"))).toMatchObject({ files: 1, errors: 0 });
    expect(lstatSync(join(cwd, "latest.json")).isSymbolicLink()).toBe(true);
    expect(statSync(join(cwd, "report.json")).mode & 0o777).toBe(0o640);
  });

  it("write to a device as it is", async () => {
    const cwd = await folderWith({ "weather.yaml": weather });
    expect(await run(["validate", "weather.yaml", "--format", "json=/dev/null"], { cwd })).toMatchObject({
      code: 0,
    });
    expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
  });

  it.each([
    ["two formats on standard output", ["json", "pretty"], /only one --format can go to standard output/],
    ["two formats on one file", ["json=a", "sarif=./a"], /two formats would go to one file, a and \.\/a/],
    ["a folder that there is not", ["json=nowhere/a.json"], /there is no folder nowhere; make it first/],
    ["a folder in place of a file", ["json=sub"], /sub: it is a folder/],
    ["no file", ["json="], /names no file; write json=FILE/],
    ["a format that there is not", ["sariff=a"], /there is no format sariff; did you mean sarif\?/],
    ["a descriptor", ["json=weather.yaml"], /weather\.yaml is one of the descriptors/],
    ["a link to a descriptor", ["json=soft.json"], /soft\.json is one of the descriptors/],
    ["another name of a descriptor", ["json=hard.json"], /hard\.json is one of the descriptors/],
  ])("refuse %s", async (_, formats, sentence) => {
    const cwd = await folderWith({ "weather.yaml": weather, "sub/other.txt": "" });
    await symlink("weather.yaml", join(cwd, "soft.json"));
    await link(join(cwd, "weather.yaml"), join(cwd, "hard.json"));
    const argv = formats.flatMap((format) => ["--format", format]);
    const ran = await run(["validate", "weather.yaml", ...argv], { cwd });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(sentence);
    expect(read(cwd, "weather.yaml")).toBe(weather);
    expect(existsSync(join(cwd, "a"))).toBe(false);
  });

  it("say what cannot be written, in the report on standard output too", async () => {
    const cwd = await folderWith({ "weather.yaml": weather });
    // The kernel refuses every write to this device.
    const formats = ["--format", "sarif", "--format", "json=/dev/full"];
    const ran = await run(["validate", "weather.yaml", ...formats], { cwd });
    expect(ran).toMatchObject({ code: 2, stderr: expect.stringContaining("cannot write /dev/full") });
    expect(json(ran)).toMatchObject({
      runs: [{ invocations: [{ executionSuccessful: false, exitCode: 2 }] }],
    });
  });

  it.skipIf(process.getuid?.() === 0)("say what cannot be written, beside a whole report", async () => {
    const cwd = await folderWith({ "weather.yaml": weather, "locked/x": "" });
    await chmod(join(cwd, "locked"), 0o500);
    const formats = ["--format", "json", "--format", "sarif=locked/a.sarif"];
    const ran = await run(["validate", "weather.yaml", ...formats], { cwd });
    await chmod(join(cwd, "locked"), 0o700);
    expect(ran).toMatchObject({ code: 2, stderr: expect.stringContaining("cannot write locked/a.sarif") });
    expect(json(ran)).toMatchObject({ files: 1 });
  });
});

describe("a command that fails owes one document", () => {
  const failing = (format: string) => run(["validate", "--format", format, "--colour"], { cwd: "/" });

  it("in sarif, with what went wrong", async () => {
    const ran = await failing("sarif");
    expect(ran.code).toBe(2);
    expect(json(ran)).toMatchObject({
      version: "2.1.0",
      runs: [
        {
          results: [],
          invocations: [
            {
              executionSuccessful: false,
              exitCode: 2,
              toolExecutionNotifications: [{ message: { text: expect.stringContaining("--colour") } }],
            },
          ],
        },
      ],
    });
  });

  it("in junit, with what went wrong", async () => {
    const { stdout } = await failing("junit");
    expect(XMLValidator.validate(stdout)).toBe(true);
    expect(stdout).toMatch(/errors="1"[\s\S]*<error message="[^"]*--colour/);
  });

  it("in codeclimate, an empty list", async () => {
    expect(json(await failing("codeclimate"))).toEqual([]);
  });

  it("and none in formats for people", async () => {
    for (const format of ["pretty", "stylish", "markdown", "json=/nowhere/x"])
      expect((await failing(format)).stdout).toBe("");
  });

  it("nor after --, where words are paths", async () => {
    const cwd = await folderWith({});
    expect((await run(["validate", ".", "--", "--format", "json"], { cwd })).stdout).toBe("");
  });
});

describe("a file with a name that logs obey", () => {
  const name = "::error::x\n%,[a](b)`<b>`.yaml";

  it.each(["pretty", "stylish", "json", "sarif", "github", "junit", "codeclimate", "markdown"])(
    "shows as words in %s",
    async (format) => {
      const cwd = await folderWith({ [name]: broken });
      const { stdout, stderr } = await run(["validate", name, "--format", format], { cwd });
      expect(stderr).toBe("");
      expect(parseCommands(stdout).map(({ properties }) => properties.title)).toEqual(
        format === "github" ? ["reference/unknown-profile"] : [],
      );
    },
  );
});

describe("the job summary of GitHub", () => {
  const validate = (cwd: string, env: Readonly<Record<string, string>>) =>
    run(["validate", "weather.yaml", "--format", "github"], { cwd, env });

  it("is appended to what the file holds", async () => {
    const cwd = await folderWith({ "weather.yaml": broken, "summary.md": "# Before\n\n" });
    expect(await validate(cwd, { GITHUB_STEP_SUMMARY: join(cwd, "summary.md") })).toMatchObject({
      stderr: "",
    });
    expect(read(cwd, "summary.md")).toMatch(
      /^# Before\n\n\*\*connector validate\*\*: 1 file: 1 error[\s\S]*`reference\/unknown-profile`/,
    );
  });

  /** A world with a job summary and nothing else. */
  const worldWith = (cwd: string, file: string): World => {
    const stream = { isTerminal: false, write: () => Promise.reject(new Error("nothing is to be said")) };
    return {
      cwd,
      env: { GITHUB_STEP_SUMMARY: file },
      stdout: stream,
      stderr: stream,
      readStdin: () => Promise.resolve(new Uint8Array()),
      interrupted: new AbortController().signal,
    };
  };

  it("stays below what GitHub takes, with whole findings and the number of the others", async () => {
    const cwd = await folderWith({ "summary.md": "x".repeat(800_000) });
    const findings = Array.from({ length: 3_000 }, (_, index) =>
      finding({ message: `${"long ".repeat(20)}${index}` }),
    );
    await appendJobSummary(runOf(fileOf(findings)), worldWith(cwd, join(cwd, "summary.md")));
    const summary = read(cwd, "summary.md").slice(800_000);
    expect(Buffer.byteLength(summary)).toBeGreaterThan(200_000);
    expect(800_000 + Buffer.byteLength(summary)).toBeLessThanOrEqual(1024 * 1024);
    const shown = summary.match(/^- \*\*/gm)?.length ?? 0;
    const [, left] = /\n(\d+) more findings not shown here\.\n$/.exec(summary) ?? [];
    expect(shown + Number(left)).toBe(3_000);
  });

  it("is left alone where it is full", async () => {
    const cwd = await folderWith({ "summary.md": "x".repeat(1024 * 1024 - 10) });
    await appendJobSummary(runOf(fileOf([finding()])), worldWith(cwd, join(cwd, "summary.md")));
    expect(statSync(join(cwd, "summary.md")).size).toBe(1024 * 1024 - 10);
  });

  it("that cannot be written is said, and fails nothing", async () => {
    const cwd = await folderWith({ "weather.yaml": weather });
    await writeFile(join(cwd, "folder"), "");
    const ran = await validate(cwd, { GITHUB_STEP_SUMMARY: join(cwd, "folder/summary.md") });
    expect(ran).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^connector: cannot write the job summary/),
    });
  });
});
