import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { FileReport } from "../../cli/report/reporter.ts";
import { createBaseline } from "../../cli/validate/baseline.ts";
import { compileText } from "../../compiler/compile.ts";
import { folderWith, json, type Ran, run, weather } from "./support.ts";

const warned = weather.replace("  - key: region\n", "  - key: colour\n    label: Colour\n  - key: region\n");
const file = ["--baseline", "known.json"];

/** A folder whose baseline lists what is found in its files. */
async function known(files: Readonly<Record<string, string>>, argv = ["."]): Promise<string> {
  const cwd = await folderWith({ ...files, ".git/HEAD": "" });
  expect((await run(["validate", ...argv, ...file, "--update-baseline"], { cwd })).code).toBe(0);
  return cwd;
}

async function rules(cwd: string, argv = ["."]): Promise<string[]> {
  const ran = await run(["validate", ...argv, ...file, "--format", "json"], { cwd });
  return (json(ran) as { diagnostics: { rule: string }[] }).diagnostics.map(({ rule }) => rule);
}

const listed = async (cwd: string): Promise<{ file: string; count?: number }[]> =>
  (JSON.parse(await readFile(join(cwd, "known.json"), "utf8")) as { findings: { file: string }[] }).findings;

describe("--baseline", () => {
  it("hides what was found when it was written, and nothing else", async () => {
    const cwd = await known({ "a.yaml": warned });
    expect(await rules(cwd)).toEqual([]);
    await writeFile(
      join(cwd, "a.yaml"),
      warned.replace("  - key: colour\n", "  - key: size\n  - key: colour\n"),
    );
    expect(await rules(cwd)).toEqual(["setting/unused"]);
  });

  it("holds findings by the ids around them, not by lines or places in lists", async () => {
    const cwd = await known({ "a.yaml": warned });
    const moved = warned
      .replace("  - key: colour\n    label: Colour\n", "")
      .replace("authentication:", "  - key: colour\n    label: Colour\n\n\nauthentication:");
    expect(moved.indexOf("colour")).toBeGreaterThan(warned.indexOf("colour"));
    await writeFile(join(cwd, "a.yaml"), moved);
    expect(await rules(cwd)).toEqual([]);
  });

  it("says which errors are not in it, since nothing hides what cannot be compiled", async () => {
    const cwd = await folderWith({
      "a.yaml": `${warned}extra: 1\n`,
      ".git/HEAD": "",
    });
    const ran = await run(["validate", ".", ...file, "--update-baseline"], { cwd });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toBe(
      "connector: known.json lists 0 findings now, before 0; 1 error is not in it: what leaves nothing to compile cannot be hidden\n",
    );
  });

  it("is sorted, has one finding a line, and is the same whatever the order of the files", async () => {
    const files = { "b.yaml": warned, "a.yaml": warned.replace("colour", "size") };
    const text = async (argv: string[]): Promise<string> =>
      readFile(join(await known(files, argv), "known.json"), "utf8");
    const first = await text(["a.yaml", "b.yaml"]);
    expect(await text(["b.yaml", "a.yaml"])).toBe(first);
    expect(first.split("\n")).toEqual([
      '{"version": 1, "findings": [',
      '  {"file":"a.yaml","rule":"setting/unused","at":"/connection_config/key=size/key","message":"Nothing uses the setting `size`."},',
      '  {"file":"b.yaml","rule":"setting/unused","at":"/connection_config/key=colour/key","message":"Nothing uses the setting `colour`."}',
      "]}",
      "",
    ]);
  });

  it("names files from its own folder, so that it counts from everywhere", async () => {
    const cwd = await folderWith({ "ci/x": "", "sub/a.yaml": warned });
    await run(["validate", "sub", "--baseline", "ci/known.json", "--update-baseline"], { cwd });
    expect(await readFile(join(cwd, "ci/known.json"), "utf8")).toContain('"file":"../sub/a.yaml"');
    const ran = await run(["validate", "a.yaml", "--baseline", "../ci/known.json"], {
      cwd: join(cwd, "sub"),
    });
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(ran.stdout).toContain("no errors");
    expect(ran.stdout).not.toContain("warning");
  });

  it("counts findings that are alike", async () => {
    const { diagnostics } = await compileText(warned, { file: "a.yaml" });
    const report = (times: number): FileReport => ({
      name: "a.yaml",
      text: warned,
      diagnostics: Array.from({ length: times }, () => diagnostics).flat(),
    });
    const first = createBaseline("/base/known.json", [], true, "/base");
    expect(first.hide(report(2)).diagnostics).toEqual([]);
    expect(first.renewed()).toMatchObject([{ rule: "setting/unused", count: 2 }]);
    const left = (times: number): readonly [number, number] => {
      const again = createBaseline("/base/known.json", first.renewed(), false, "/base");
      return [again.hide(report(times)).diagnostics.length, again.gone().length];
    };
    expect(left(3)).toEqual([1, 0]);
    expect(left(2)).toEqual([0, 0]);
    expect(left(1)).toEqual([0, 1]);
  });

  it("never hides what cannot be compiled", async () => {
    const broken = weather.replace("auth_type_ref: api_key", "auth_type_ref: api_keys");
    const cwd = await folderWith({ "a.yaml": broken });
    const written = await run(["validate", "a.yaml", ...file, "--update-baseline"], { cwd });
    expect(written.code).toBe(1);
    expect(await listed(cwd)).toEqual([]);
    expect(await rules(cwd)).toEqual(["reference/unknown-profile"]);
  });

  it("says what is gone, and takes it out on an update alone", async () => {
    const cwd = await known({ "a.yaml": warned, "b.yaml": warned });
    await writeFile(join(cwd, "a.yaml"), weather);
    await rm(join(cwd, "b.yaml"));
    const before = await readFile(join(cwd, "known.json"), "utf8");
    const ran = await run(["validate", ".", ...file], { cwd });
    expect(ran.code).toBe(0);
    expect(ran.stderr).toMatch(
      /^connector: known\.json lists what is found no more \(a\.yaml .*, b\.yaml .*\)/,
    );
    expect(await readFile(join(cwd, "known.json"), "utf8")).toBe(before);
    await run(["validate", ".", ...file, "--update-baseline"], { cwd });
    expect(await listed(cwd)).toEqual([]);
  });

  it("says nothing is gone from files that were not checked, and keeps them on an update", async () => {
    const cwd = await known({ "a.yaml": warned, "b.yaml": warned });
    expect((await run(["validate", "a.yaml", ...file], { cwd })).stderr).toBe("");
    await writeFile(join(cwd, "a.yaml"), weather);
    await run(["validate", "a.yaml", ...file, "--update-baseline"], { cwd });
    expect((await listed(cwd)).map((one) => one.file)).toEqual(["b.yaml"]);
  });

  it("says nothing is gone from a file that cannot be compiled", async () => {
    const cwd = await known({ "a.yaml": warned });
    await writeFile(join(cwd, "a.yaml"), "metadata: {");
    expect((await run(["validate", "a.yaml", ...file], { cwd })).stderr).toBe("");
    await run(["validate", "a.yaml", ...file, "--update-baseline"], { cwd });
    expect(await listed(cwd)).toHaveLength(1);
  });

  it("tells the documents of one file apart by their slugs", async () => {
    const two = `${weather}---\n${warned.replace("weather-desk", "other-desk")}`;
    const cwd = await known({ "two.yaml": two });
    expect(await listed(cwd)).toMatchObject([{ file: "two.yaml", document: "other-desk" }]);
    expect((await run(["validate", "two.yaml#weather-desk", ...file], { cwd })).stderr).toBe("");
    await writeFile(join(cwd, "two.yaml"), `${warned}---\n${weather.replace("weather-desk", "other-desk")}`);
    expect(await rules(cwd)).toEqual(["setting/unused"]);
  });

  it("may be named by the configuration, from its folder", async () => {
    const cwd = await known({
      "sub/a.yaml": warned,
      "connector.config.yaml": "baseline: known.json\n",
    });
    const ran = await run(["validate", "a.yaml", "--format", "json"], { cwd: join(cwd, "sub") });
    expect(json(ran)).toMatchObject({ warnings: 0 });
  });

  it.each([
    ["that is missing", ["validate", "a.yaml", ...file], "write it with --update-baseline"],
    ["without a name", ["validate", "a.yaml", "--update-baseline"], "name it with --baseline FILE"],
    ["that is a descriptor", ["validate", "a.yaml", "--baseline", "a.yaml"], "is no baseline"],
    [
      "that is a descriptor, not even to write it",
      ["validate", "a.yaml", "--baseline", "a.yaml", "--update-baseline"],
      "is no baseline",
    ],
    [
      "in a folder that is not there",
      ["validate", "a.yaml", "--baseline", "no/known.json", "--update-baseline"],
      "cannot write no/known.json",
    ],
  ])("is refused %s", async (_, argv, words) => {
    const cwd = await folderWith({ "a.yaml": warned });
    const ran: Ran = await run(argv, { cwd });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain(words);
    expect(await readFile(join(cwd, "a.yaml"), "utf8")).toBe(warned);
  });

  it("is written as the page about the command line says", async () => {
    const page = await readFile(new URL("../../docs/cli.md", import.meta.url), "utf8");
    const block = (info: string): string =>
      new RegExp(`\`\`\`${info}\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? "";
    const cwd = await folderWith({ "desk.yaml": block("yaml descriptor") });
    const argv = block("sh baseline").trim().split(" ").slice(1);
    const ran = await run(argv, { cwd });
    expect(ran.code).toBe(0);
    expect(ran.stderr).toMatch(/^connector: known\.json lists \d+ findings now, before 0\n$/);
    expect(await readFile(join(cwd, "known.json"), "utf8")).toContain(
      "/operations/operation_id=list_tickets",
    );
  });
});
