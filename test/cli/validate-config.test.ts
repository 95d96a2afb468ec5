import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readConfig } from "../../compiler/config/read-config.ts";
import { folderWith, json, type Ran, run, weather } from "./support.ts";

const warned = weather.replace("  - key: region\n", "  - key: colour\n    label: Colour\n  - key: region\n");
const config = "connector.config.yaml";

async function validate(
  argv: readonly string[],
  files: Readonly<Record<string, string>>,
  where = ".",
): Promise<Ran> {
  const root = await folderWith(files);
  // A temporary folder has no repository around it; what stands above it is not ours.
  await mkdir(join(root, ".git"), { recursive: true });
  return run(["validate", ...argv], { cwd: join(root, where) });
}

/** `file severity rule` of each finding. */
async function found(...args: Parameters<typeof validate>): Promise<string[]> {
  const [argv, ...rest] = args;
  const ran = await validate([...argv, "--format", "json"], ...rest);
  const { diagnostics } = json(ran) as {
    diagnostics: { file: string; severity: string; rule: string }[];
  };
  return diagnostics.map(({ file, severity, rule }) => `${file} ${severity} ${rule}`);
}

describe("connector.config.yaml", () => {
  it.each([config, "connector.config.yml"])("rules over the files below it as %s", async (name) => {
    const files = { [name]: "rules: { setting/unused: error }\n", "deep/er/a.yaml": warned };
    expect(await found(["deep"], files)).toEqual(["deep/er/a.yaml error setting/unused"]);
    expect(await found(["a.yaml"], files, "deep/er")).toEqual(["a.yaml error setting/unused"]);
  });

  it("may be JSON", async () => {
    const files = { "connector.config.json": '{ "preset": "minimal" }', "a.yaml": warned };
    expect(await found(["a.yaml"], files)).toEqual([]);
  });

  it("is the nearest one alone", async () => {
    const files = {
      [config]: "preset: minimal\n",
      [`sub/${config}`]: "# Nothing of our own.\n",
      "a.yaml": warned,
      "sub/a.yaml": warned,
    };
    expect(await found(["a.yaml", "sub/a.yaml"], files)).toEqual(["sub/a.yaml warning setting/unused"]);
  });

  it("is not looked for above the repository", async () => {
    const files = { [config]: "preset: minimal\n", "inner/.git/HEAD": "", "inner/a.yaml": warned };
    expect(await found(["a.yaml"], files, "inner")).toEqual(["a.yaml warning setting/unused"]);
  });

  it("gives way to options", async () => {
    const files = { [config]: "preset: minimal\nrules: { setting/unused: error }\n", "a.yaml": warned };
    expect(await found(["a.yaml", "--rule", "setting/unused=info"], files)).toEqual([
      "a.yaml info setting/unused",
    ]);
    expect(await found(["a.yaml", "--no-config"], files)).toEqual(["a.yaml warning setting/unused"]);
  });

  it("may be another file, whose globs count from its own folder", async () => {
    const files = {
      [config]: "preset: minimal\n",
      "ci/strict.yaml": "overrides: [{ files: [../a.yaml], rules: { setting/unused: error } }]\n",
      "a.yaml": warned,
    };
    expect(await found(["a.yaml", "--config", "ci/strict.yaml"], files)).toEqual([
      "a.yaml error setting/unused",
    ]);
  });

  it("has other rules for some files, the later override winning", async () => {
    const files = {
      [config]: `rules: { setting/unused: info }
overrides:
  - files: ["legacy/**"]
    preset: minimal
    rules: { setting/unused: "off" }
  - files: ["*.new.yaml", "{x,y}/b.yaml"]
    rules: { setting/unused: error }
`,
      "a.yaml": warned,
      "legacy/deep/a.yaml": warned,
      "legacy/b.new.yaml": warned,
      "y/b.yaml": warned,
      "z/y/b.yaml": warned,
    };
    expect(await found(["."], files)).toEqual([
      "a.yaml info setting/unused",
      "legacy/b.new.yaml error setting/unused",
      "y/b.yaml error setting/unused",
      "z/y/b.yaml info setting/unused",
    ]);
  });

  it("leaves files out of a folder's search, not those that are named", async () => {
    const files = {
      [config]: "ignore: [legacy/, '*.draft.yaml']\n",
      "a.yaml": warned,
      "b.draft.yaml": warned,
      "sub/legacy/c.yaml": warned,
    };
    expect(await found(["."], files)).toEqual(["a.yaml warning setting/unused"]);
    expect(await found([".", "sub/legacy/c.yaml"], files)).toEqual([
      "a.yaml warning setting/unused",
      "sub/legacy/c.yaml warning setting/unused",
    ]);
  });

  it("is told when it leaves out everything", async () => {
    const ran = await validate(["."], { [config]: "ignore: ['**']\n", "a.yaml": warned });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain("left out by `ignore`");
  });

  it("sets what fails a run, for its own files alone", async () => {
    const files = {
      [`a/${config}`]: "fail_severity: warning\n",
      [`b/${config}`]: "max_warnings: 1\n",
      "a/a.yaml": warned,
      "b/a.yaml": warned,
      "c/a.yaml": warned,
    };
    expect((await validate(["a/a.yaml"], files)).code).toBe(1);
    expect((await validate(["b/a.yaml", "c/a.yaml"], files)).code).toBe(0);
    expect((await validate(["b/a.yaml"], { ...files, "b/b.yaml": warned })).code).toBe(0);
    expect((await validate(["b"], { ...files, "b/b.yaml": warned })).code).toBe(1);
    expect((await validate(["a/a.yaml", "--fail-severity", "error"], files)).code).toBe(0);
    expect((await validate(["b/a.yaml", "c/a.yaml", "--max-warnings", "1"], files)).code).toBe(1);
  });

  it.each([
    ["a misspelt key", "presets: minimal", "1:1", "did you mean `preset`?"],
    ["a misspelt rule", "rules:\n  setting/unsed: off", "2:3", "Did you mean `setting/unused`?"],
    ["a rule that is always an error", "rules:\n  yaml/syntax: off", "2:3", "is always an error"],
    ["an unknown severity", "rules:\n  setting/unused: of", "2:19", "`off`"],
    ["an override without files", "overrides:\n  - preset: strict", "2:5", "lacks `files`"],
    ["a syntax error", "rules: {", "1:8", "Close it with }"],
    ["no map", "- strict", "1:1", "must be a map"],
    ["two documents", "preset: strict\n---\npreset: minimal", "3:1", "one document"],
  ])("is refused with %s, at its line", async (_, text, place, words) => {
    const ran = await validate(["a.yaml"], { [config]: text, "a.yaml": weather });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain(`${config}:${place}`);
    expect(ran.stderr).toContain(words);
    expect(ran.stderr).toContain("is not valid");
    expect(ran.stdout).toBe("");
  });

  it.each([
    ["that is missing", ["--config", "nowhere.yaml"], {}, "there is no such file"],
    ["of two names in one folder", [], { "connector.config.json": "{}" }, "keep one of them"],
  ])("is refused %s", async (_, flags, more, words) => {
    const ran = await validate(["a.yaml", ...flags], { [config]: "", "a.yaml": weather, ...more });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain(words);
  });

  it("rules over standard input from the current folder", async () => {
    const cwd = await folderWith({ [config]: "preset: minimal\n", ".git/HEAD": "" });
    expect(json(await run(["validate", "-", "--format", "json"], { cwd, stdin: warned }))).toMatchObject({
      warnings: 0,
    });
  });
});

describe("docs/cli.md", () => {
  const page = readFileSync(new URL("../../docs/cli.md", import.meta.url), "utf8");

  it("shows a configuration that is one", () => {
    const text = /```yaml config\n([\s\S]*?)```/.exec(page)?.[1] ?? "no example";
    const { config, diagnostics } = readConfig(text, { file: "connector.config.yaml", format: "yaml" });
    expect(diagnostics).toEqual([]);
    expect(Object.keys(config ?? {})).toHaveLength(7);
  });

  it("names every key of the schema", () => {
    const schema = JSON.parse(
      readFileSync(new URL("../../schema/config.schema.json", import.meta.url), "utf8"),
    ) as { properties: object };
    expect(Object.keys(schema.properties).filter((key) => !page.includes(`\`${key}\``))).toEqual([]);
  });
});

describe("connector build", () => {
  it("compiles by the configuration, as validate judges", async () => {
    const cwd = await folderWith({
      [config]: "rules: { setting/unused: error }\n",
      ".git/HEAD": "",
      "a.yaml": warned,
    });
    expect((await run(["build", "a.yaml", "--out", "out", "--target", "ir"], { cwd })).code).toBe(1);
    expect((await run(["show", "a.yaml"], { cwd })).code).toBe(1);
    const ignored = warned.replace("- key: colour", "- key: colour # connector-ignore setting/unused: soon");
    await writeFile(join(cwd, "a.yaml"), ignored);
    expect((await run(["build", "a.yaml", "--out", "out", "--target", "ir"], { cwd })).code).toBe(0);
    expect((await run(["show", "a.yaml"], { cwd })).code).toBe(0);
  });
});
