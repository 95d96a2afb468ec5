import { execFileSync } from "node:child_process";
import { chmod, lstat, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { replaceFile } from "../../cli/validate/replace-file.ts";
import { unifiedDiff } from "../../cli/validate/unified-diff.ts";
import { folderWith, json, run, weather } from "./support.ts";

const slips = weather
  .replace("    method: POST", "    method: post # a habit")
  .replace("  - operation_id: add_reading", "  - operationId: add_reading")
  .replace("required: true, description", "required: yes, description");
const guessed = slips.replace(
  "auth_type_ref: api_key\n    parameters:\n      - { name: station, location: body",
  "auth_type_ref: api_kee\n    parameters:\n      - { name: station, location: body",
);

describe("connector validate --fix", () => {
  it("makes every certain mend, and says how many", async () => {
    const cwd = await folderWith({ "weather.yaml": slips });
    const ran = await run(["validate", "weather.yaml", "--fix"], { cwd });
    expect(ran).toMatchObject({ code: 0, stderr: "connector: fixed 3 problems in 1 file\n" });
    expect(await readFile(join(cwd, "weather.yaml"), "utf8")).toBe(
      weather.replace("    method: POST", "    method: POST # a habit"),
    );
  });

  it("reports what remains, and answers by it", async () => {
    const cwd = await folderWith({ "weather.yaml": guessed });
    const ran = await run(["validate", "weather.yaml", "--fix", "--format", "json"], { cwd });
    expect(ran.code).toBe(1);
    expect(json(ran)).toMatchObject({ errors: 1, diagnostics: [{ rule: "reference/unknown-profile" }] });
    expect(ran.stderr).toContain("fixed 3 problems in 1 file");
  });

  it("changes nothing the second time, and leaves a right file alone", async () => {
    const cwd = await folderWith({ "weather.yaml": guessed, "right.yaml": weather });
    await run(["validate", "--fix"], { cwd });
    const before = await stat(join(cwd, "weather.yaml"));
    const untouched = await stat(join(cwd, "right.yaml"));
    const again = await run(["validate", "--fix"], { cwd });
    expect(again.stderr).not.toContain("fixed");
    expect((await stat(join(cwd, "weather.yaml"))).ino).toBe(before.ino);
    expect((await stat(join(cwd, "right.yaml"))).mtimeMs).toBe(untouched.mtimeMs);
  });

  it("keeps the byte order mark, CR LF, a missing last line break, and the file's mode", async () => {
    const odd = `\uFEFF${slips.replaceAll("\n", "\r\n").trimEnd()}`;
    const cwd = await folderWith({ "weather.yaml": odd });
    await chmod(join(cwd, "weather.yaml"), 0o640);
    expect(await run(["validate", "weather.yaml", "--fix"], { cwd })).toMatchObject({ code: 0 });
    const right = weather.replace("    method: POST", "    method: POST # a habit");
    expect(await readFile(join(cwd, "weather.yaml"), "utf8")).toBe(
      `\uFEFF${right.replaceAll("\n", "\r\n").trimEnd()}`,
    );
    expect((await stat(join(cwd, "weather.yaml"))).mode & 0o777).toBe(0o640);
  });

  it("writes where a link leads, and keeps the link", async () => {
    const cwd = await folderWith({ "real/weather.yaml": slips });
    await symlink("real/weather.yaml", join(cwd, "link.yaml"));
    await run(["validate", "link.yaml", "--fix"], { cwd });
    expect((await lstat(join(cwd, "link.yaml"))).isSymbolicLink()).toBe(true);
    expect(await readFile(join(cwd, "real/weather.yaml"), "utf8")).toContain("operation_id: add_reading");
  });

  it("leaves a file alone that changed since it was read", async () => {
    const cwd = await folderWith({ "weather.yaml": slips });
    const path = join(cwd, "weather.yaml");
    await writeFile(path, `${slips}# edited meanwhile\n`);
    const problem = replaceFile(path, "weather.yaml", Buffer.from(slips), Buffer.from(weather));
    expect(problem).toBe(
      "weather.yaml was changed while it was being fixed, so it was left alone; run --fix again",
    );
    expect(await readFile(path, "utf8")).toBe(`${slips}# edited meanwhile\n`);
  });

  it.skipIf(process.getuid?.() === 0)("says that a file may not be written, and answers 2", async () => {
    const cwd = await folderWith({ "weather.yaml": slips });
    await chmod(join(cwd, "weather.yaml"), 0o400);
    const ran = await run(["validate", "weather.yaml", "--fix"], { cwd });
    expect(ran).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("cannot write weather.yaml: permission denied"),
    });
  });

  it("fixes only the connector that a slug names", async () => {
    const cwd = await folderWith({
      "two.yaml": `${slips}---\n${slips.replace("weather-desk", "other-desk")}`,
    });
    await run(["validate", "two.yaml#other-desk", "--fix"], { cwd });
    const [first, second] = (await readFile(join(cwd, "two.yaml"), "utf8")).split("---\n");
    expect(first).toBe(slips);
    expect(second).toContain("operation_id: add_reading");
  });

  it("mends JSON too, and keeps its layout", async () => {
    const text = '{\n  "metadata": { "name": "Weather",\n    "slug": "weather", },\n  "operations": []\n}\n';
    const cwd = await folderWith({ "weather.json": text });
    await run(["validate", "weather.json", "--fix"], { cwd });
    expect(await readFile(join(cwd, "weather.json"), "utf8")).toBe(
      text.replace('"weather", }', '"weather" }'),
    );
  });

  it("leaves what is ignored or in a baseline as it is", async () => {
    const mustache = weather.replace('X-Token: "{api_token}"', 'X-Token: "{{api_token}}"');
    const ignored = mustache.replace(
      "      X-Token:",
      "      # connector-ignore template/mustache: the service wants braces\n      X-Token:",
    );
    const cwd = await folderWith({ "ignored.yaml": ignored, "known.yaml": mustache });
    await run(["validate", "known.yaml", "--baseline", "known.json", "--update-baseline"], { cwd });
    await run(["validate", "ignored.yaml", "--fix"], { cwd });
    await run(["validate", "known.yaml", "--baseline", "known.json", "--fix"], { cwd });
    expect(await readFile(join(cwd, "ignored.yaml"), "utf8")).toBe(ignored);
    expect(await readFile(join(cwd, "known.yaml"), "utf8")).toBe(mustache);
    await run(["validate", "known.yaml", "--fix"], { cwd });
    expect(await readFile(join(cwd, "known.yaml"), "utf8")).toBe(weather);
  });

  it("prints the fixed text of standard input, and findings on standard error", async () => {
    const cwd = await folderWith({});
    const ran = await run(["validate", "-", "--fix"], { cwd, stdin: guessed });
    expect(ran.code).toBe(1);
    expect(ran.stdout).toContain("operation_id: add_reading");
    expect(ran.stdout).not.toContain("reference/unknown-profile");
    expect(ran.stderr).toContain("reference/unknown-profile");
    const right = await run(["validate", "-", "--fix"], { cwd, stdin: weather });
    expect(right).toMatchObject({ code: 0, stdout: weather });
  });

  it.each([
    [["--dry-run"], "--dry-run shows what --fix would do; give both"],
    [["--fix", "--update-baseline", "--baseline", "b.json"], "run --fix first"],
  ])("refuses %j with a sentence", async (flags, sentence) => {
    const cwd = await folderWith({ "weather.yaml": slips });
    const ran = await run(["validate", "weather.yaml", ...flags], { cwd });
    expect(ran).toMatchObject({ code: 2, stderr: expect.stringContaining(sentence) });
  });
});

describe("connector validate --fix --dry-run", () => {
  it.each(["git apply -", "patch -p1"])("prints a patch that %s takes, and writes nothing", async (tool) => {
    const crlf = slips.replaceAll("\n", "\r\n");
    const cwd = await folderWith({
      "a folder/weather.yaml": slips,
      "wétter.yaml": slips.trimEnd(),
      "crlf.yaml": crlf,
    });
    const ran = await run(["validate", "--fix", "--dry-run"], { cwd });
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain("connector: --fix would fix 9 problems in 3 files\n");
    expect(await readFile(join(cwd, "a folder/weather.yaml"), "utf8")).toBe(slips);
    const [command = "", ...args] = tool.split(" ");
    // GNU patch tells CR LF by itself unless it is told that all is text as it stands.
    execFileSync(command, command === "patch" ? [...args, "--binary"] : args, { cwd, input: ran.stdout });
    const right = weather.replace("    method: POST", "    method: POST # a habit");
    expect(await readFile(join(cwd, "a folder/weather.yaml"), "utf8")).toBe(right);
    expect(await readFile(join(cwd, "wétter.yaml"), "utf8")).toBe(right.trimEnd());
    expect(await readFile(join(cwd, "crlf.yaml"), "utf8")).toBe(right.replaceAll("\n", "\r\n"));
  });

  it("shows control and bidi characters of a descriptor as escapes, and keeps tabs and joiners", () => {
    const patch = unifiedDiff("a\u001b[2J.yaml", "a: \u001b]0;x\u0007\n", "a: \u202e\tb 👩\u200d🚀\n", false);
    expect(patch).toBe(
      '--- "a/a\\033[2J.yaml"\n+++ "b/a\\033[2J.yaml"\n@@ -1,1 +1,1 @@\n-a: \\u{1b}]0;x\\u{7}\n+a: \\u{202e}\tb 👩\u200d🚀\n',
    );
  });

  it("colours the patch where that is asked for", async () => {
    const cwd = await folderWith({ "weather.yaml": slips });
    const ran = await run(["validate", "--fix", "--dry-run"], { cwd, env: { FORCE_COLOR: "1" } });
    expect(ran.stdout).toContain("\u001b[32m+    method: POST # a habit\u001b[39m\n");
  });

  it("answers by what would remain", async () => {
    const cwd = await folderWith({ "weather.yaml": guessed });
    const ran = await run(["validate", "--fix", "--dry-run"], { cwd });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain("reference/unknown-profile");
    expect(ran.stderr).not.toContain("structure/");
  });
});
