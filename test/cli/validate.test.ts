import { chmod, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { folderWith, json, run, weather } from "./support.ts";

const broken = weather.replace("auth_type_ref: api_key", "auth_type_ref: api_keys");

describe("connector validate", () => {
  it("ends with 0 on a descriptor without errors", async () => {
    const cwd = await folderWith({ "weather.yaml": weather });
    const ran = await run(["validate", "weather.yaml"], { cwd });
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(ran.stdout).toMatch(/1 file: no errors/);
  });

  it("shows a finding with its place, and ends with 1", async () => {
    const cwd = await folderWith({ "weather.yaml": broken });
    const ran = await run(["validate", "weather.yaml"], { cwd });
    expect(ran.code).toBe(1);
    expect(ran.stdout).toContain("weather.yaml:30:");
    expect(ran.stdout).toContain("auth_type_ref: api_keys");
    expect(ran.stdout).toMatch(/1 file: 1 error/);
  });

  it("prints the JSON report with ranges from 1, the end exclusive", async () => {
    const cwd = await folderWith({ "sub/weather.yaml": broken });
    const ran = await run(["validate", "sub/weather.yaml", "--format", "json"], { cwd });
    expect(ran.code).toBe(1);
    expect(json(ran)).toMatchObject({
      version: 1,
      files: 1,
      errors: 1,
      diagnostics: [
        {
          file: "sub/weather.yaml",
          document: 0,
          severity: "error",
          path: "/operations/0/auth_type_ref",
          range: { start: { line: 30, column: 20 }, end: { line: 30, column: 28 } },
        },
      ],
    });
  });

  it("reads standard input, which it calls -", async () => {
    const cwd = await folderWith({});
    const ran = await run(["validate", "-", "--format", "json"], { cwd, stdin: broken });
    expect(ran.code).toBe(1);
    expect(json(ran)).toMatchObject({ files: 1, diagnostics: [{ file: "-" }] });
  });

  it("searches the current folder when no path is given", async () => {
    const cwd = await folderWith({
      "weather.yaml": weather,
      "package.json": '{ "metadata": {} }',
      "deep/other.yml": weather.replace("weather-desk", "other-desk"),
      "exchanges/recorded.yaml": broken,
      "node_modules/p/p.yaml": broken,
      ".hidden/h.yaml": broken,
    });
    expect(json(await run(["validate", "--format", "json"], { cwd }))).toMatchObject({ files: 2, errors: 0 });
  });

  it("takes a named file for a descriptor whatever it holds", async () => {
    const cwd = await folderWith({ "package.json": '{ "name": "x" }' });
    expect(await run(["validate", "package.json"], { cwd })).toMatchObject({ code: 1 });
  });

  it("takes a glob that the shell left alone", async () => {
    const cwd = await folderWith({ "a/connector.yaml": weather, "b/connector.yaml": broken });
    expect(json(await run(["validate", "*/connector.yaml", "--format", "json"], { cwd }))).toMatchObject({
      files: 2,
      errors: 1,
    });
  });

  it.each([
    ["empty", "", "file/empty"],
    ["blank", "\n \n", "file/empty"],
    ["binary", new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x00, 0xff]), "file/not-text"],
    ["not UTF-8", new Uint8Array([0x61, 0x3a, 0x20, 0xe9]), "file/encoding"],
    ["of NUL bytes", "a: \0\0", "file/not-text"],
  ])("reports a file that is %s at 1:1", async (_, content, rule) => {
    const cwd = await folderWith({ "x.yaml": content });
    const ran = await run(["validate", "x.yaml", "--format", "json"], { cwd });
    expect(ran.code).toBe(1);
    const at = { line: 1, column: 1 };
    expect(json(ran)).toMatchObject({
      files: 1,
      errors: 1,
      diagnostics: [{ rule, range: { start: at, end: at } }],
    });
  });

  it("refuses a file of 100 MB without reading it whole", async () => {
    const cwd = await folderWith({ "big.yaml": Buffer.alloc(100 * 1024 * 1024, "a: b\n") });
    const before = process.memoryUsage().rss;
    const ran = await run(["validate", "big.yaml", "--format", "json"], { cwd });
    expect(ran.code).toBe(1);
    expect(json(ran)).toMatchObject({
      diagnostics: [{ rule: "file/too-large", range: { start: { line: 1, column: 1 } } }],
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(90 * 1024 * 1024);
  });

  it("ends with 2 and a sentence where a path cannot be opened, and still reports the others", async () => {
    const cwd = await folderWith({ "weather.yaml": broken });
    const ran = await run(["validate", "nowhere.yaml", "weather.yaml", "--format", "json"], { cwd });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toBe(
      "connector: cannot open nowhere.yaml: there is no such file or folder; check the path\n",
    );
    expect(json(ran)).toMatchObject({ files: 1, errors: 1 });
  });

  it.each([
    ["a folder without descriptors", ["."]],
    ["a glob without matches", ["*.toml"]],
    ["an unknown option", ["--colour"]],
    ["an unknown format", ["--format", "xml"]],
    ["a slug that the file lacks", ["weather.yaml#other"]],
  ])("ends with 2 on %s", async (what, args) => {
    const cwd = await folderWith(
      what.includes("slug") ? { "weather.yaml": weather } : { "notes.yaml": "a: 1\n" },
    );
    const ran = await run(["validate", ...args], { cwd });
    expect(ran.code).toBe(2);
    expect(ran.stderr).not.toBe("");
    expect(ran.stderr).not.toMatch(/\n\s+at /);
  });

  it.each([[["--format", "json", "nowhere.yaml"]], [["--format=json", "--colour"]], [["--format", "json"]]])(
    "prints exactly one object with %j, though it fails",
    async (args) => {
      const ran = await run(["validate", ...args], { cwd: await folderWith({}) });
      expect(ran.code).toBe(2);
      expect(json(ran)).toEqual({ version: 1, files: 0, errors: 0, warnings: 0, infos: 0, diagnostics: [] });
    },
  );

  it("tells the documents of one file apart", async () => {
    const cwd = await folderWith({
      "two.yaml": `${weather}---\n${broken.replace("weather-desk", "other-desk")}`,
    });
    const report = json(await run(["validate", "two.yaml", "--format", "json"], { cwd }));
    expect(report).toMatchObject({ files: 1, errors: 1, diagnostics: [{ document: 1 }] });
    expect(await run(["validate", "two.yaml#weather-desk"], { cwd })).toMatchObject({ code: 0 });
  });

  it("shows control and bidi characters of a descriptor as escapes", async () => {
    const evil = broken.replace("api_keys", '"api\\e[2J_\\u202Ekeys"');
    const ran = await run(["validate", "-"], { cwd: await folderWith({}), stdin: evil });
    expect(ran.code).toBe(1);
    expect(ran.stdout).not.toMatch(/[\u001b\u202e]/);
  });

  it("colours only where asked, and never under NO_COLOR", async () => {
    const cwd = await folderWith({ "weather.yaml": broken });
    const run1 = (env: Record<string, string>) => run(["validate", "weather.yaml"], { cwd, env });
    expect((await run1({ FORCE_COLOR: "1" })).stdout).toContain("\u001b[");
    expect((await run1({ FORCE_COLOR: "1", NO_COLOR: "1" })).stdout).not.toContain("\u001b[");
    expect((await run1({})).stdout).not.toContain("\u001b[");
  });

  it("does not follow links to folders, and reads each file once", async () => {
    const cwd = await folderWith({ "a/weather.yaml": weather });
    await symlink(cwd, join(cwd, "a/again"));
    expect(
      json(await run(["validate", ".", "a", "a/weather.yaml", "--format", "json"], { cwd })),
    ).toMatchObject({ files: 1 });
  });

  it.skipIf(process.getuid?.() === 0)("says that a file may not be read", async () => {
    const cwd = await folderWith({ "weather.yaml": weather });
    await chmod(join(cwd, "weather.yaml"), 0);
    const ran = await run(["validate", "weather.yaml"], { cwd });
    expect(ran).toMatchObject({ code: 2, stderr: expect.stringContaining("permission denied") });
  });
});
