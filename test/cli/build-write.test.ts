import { mkdir, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { planOutput } from "../../cli/build/plan.ts";
import { writeChanges } from "../../cli/build/write.ts";
import { main } from "../../cli/main.ts";
import { modeNames, targetNames } from "../../cli/usage/build.ts";
import { modes, targets } from "../../compiler/emit/targets.ts";
import { folderWith, type Ran, run, weather } from "./support.ts";

const index = "out/weather-desk/index.ts";

async function built(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const cwd = await folderWith({ "weather.yaml": weather, ...files });
  expect((await build(cwd)).code).toBe(0);
  return cwd;
}

function build(cwd: string, ...flags: readonly string[]): Promise<Ran> {
  return run(["build", "weather.yaml", "--out", "out", ...flags], { cwd });
}

const text = (cwd: string, path: string): Promise<string> => readFile(join(cwd, path), "utf8");

describe("connector build, over what is on disk", () => {
  it("offers every target that there is", () => {
    expect([...targetNames].sort()).toEqual(Object.keys(targets).sort());
    expect([...modeNames].sort()).toEqual(Object.keys(modes).sort());
  });

  it("--mode standalone replaces what the other mode wrote, and back", async () => {
    const cwd = await built();
    const folder = join(cwd, "out/weather-desk");
    expect(await build(cwd, "--mode", "standalone")).toMatchObject({ code: 0 });
    expect((await readdir(folder)).sort()).toEqual(
      [".connectorc.json", "README.md", "core.ts", "index.ts", "plan.ts", "types.ts"].sort(),
    );
    expect(await build(cwd, "--mode", "standalone", "--check")).toMatchObject({ code: 0 });
    expect(await build(cwd, "--check")).toMatchObject({ code: 1 });
    expect(await build(cwd)).toMatchObject({ code: 0 });
    expect(await readdir(folder)).not.toContain("core.ts");
    expect(await readdir(folder)).toContain("ir.json");
  });

  it("--mode standalone ends with 2 beside another target, and where the connector needs more", async () => {
    const cwd = await built();
    expect(await build(cwd, "--mode", "standalone", "--target", "ir")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--mode standalone is of the target ts"),
    });
    const weather = await text(cwd, "weather.yaml");
    await writeFile(
      join(cwd, "weather.yaml"),
      weather.replace(
        /^ {2}- operation_id: (\w+)$/m,
        "$&\n    errors: [{ when: { json: { path: $.a, matches: x } }, action: fail }]",
      ),
    );
    expect(await build(cwd, "--mode", "standalone")).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /weather-desk cannot be a standalone client: operation \w+ holds answers against a pattern/,
      ),
    });
  });

  it("leaves files alone that are as they should be", async () => {
    const cwd = await built();
    const before = await stat(join(cwd, index));
    expect(await build(cwd)).toMatchObject({ code: 0, stdout: "" });
    expect((await stat(join(cwd, index))).ino).toBe(before.ino);
  });

  it("--check passes on what was just built, also where a checkout changed the line ends", async () => {
    const cwd = await built();
    expect(await build(cwd, "--check")).toMatchObject({ code: 0, stdout: "", stderr: "" });
    await writeFile(join(cwd, index), (await text(cwd, index)).replaceAll("\n", "\r\n"));
    expect(await build(cwd, "--check")).toMatchObject({ code: 0 });
  });

  it("--check fails once the descriptor has changed, names the files, and writes nothing", async () => {
    const cwd = await built();
    await writeFile(join(cwd, "weather.yaml"), weather.replace("summary: ", "summary: Now "));
    const before = await text(cwd, index);
    const ran = await build(cwd, "--check");
    expect(ran).toMatchObject({ code: 1, stdout: "" });
    expect(ran.stderr).toContain(`${index} is not what the descriptor makes`);
    expect(await text(cwd, index)).toBe(before);
  });

  it("--check fails where nothing was built", async () => {
    const cwd = await folderWith({ "weather.yaml": weather });
    const ran = await build(cwd, "--check");
    expect(ran).toMatchObject({ code: 1 });
    expect(ran.stderr).toContain(`${index} is missing`);
    expect(await readdir(cwd)).toEqual(["weather.yaml"]);
  });

  it("refuses to overwrite a file that was edited by hand, and changes nothing else either", async () => {
    const cwd = await built();
    await writeFile(join(cwd, index), "// mine\n");
    await writeFile(join(cwd, "weather.yaml"), weather.replace("summary: ", "summary: Now "));
    const types = await text(cwd, "out/weather-desk/types.ts");
    const ran = await build(cwd);
    expect(ran).toMatchObject({ code: 2, stdout: "" });
    expect(ran.stderr).toMatch(/index\.ts.*--force/);
    expect(await text(cwd, index)).toBe("// mine\n");
    expect(await text(cwd, "out/weather-desk/types.ts")).toBe(types);
    expect((await build(cwd, "--force")).code).toBe(0);
    expect(await text(cwd, index)).toContain("Now ");
  });

  it("refuses to overwrite a file that stood there before the first build", async () => {
    const cwd = await folderWith({ "weather.yaml": weather, "out/weather-desk/README.md": "mine\n" });
    expect(await build(cwd)).toMatchObject({ code: 2, stderr: expect.stringContaining("README.md") });
    expect(await readdir(join(cwd, "out/weather-desk"))).toEqual(["README.md"]);
  });

  it("removes what it wrote once and makes no longer, and nothing that it did not write", async () => {
    const cwd = await built({ "out/weather-desk/own.ts": "export {};\n" });
    const record = JSON.parse(await text(cwd, "out/weather-desk/.connectorc.json"));
    // As a build of an older descriptor would have left it.
    await writeFile(join(cwd, "out/weather-desk/old.json"), "{}\n");
    record.ts["old.json"] = "ca3d163bab055381827226140568f3bef7eaac187cebd76878e0b63e9e442356";
    record.ts["../../weather.yaml"] = record.ts["old.json"];
    await writeFile(join(cwd, "out/weather-desk/.connectorc.json"), JSON.stringify(record));
    expect(await build(cwd)).toMatchObject({ code: 0 });
    const left = await readdir(join(cwd, "out/weather-desk"));
    expect(left).not.toContain("old.json");
    expect(left).toEqual(expect.arrayContaining(["own.ts", "index.ts"]));
    expect(await text(cwd, "weather.yaml")).toBe(weather);
  });

  it("keeps the files of another target in the same folder", async () => {
    const cwd = await built();
    expect((await build(cwd, "--target", "openapi")).code).toBe(0);
    expect(await readdir(join(cwd, "out/weather-desk"))).toEqual(
      expect.arrayContaining(["index.ts", "ir.json", "openapi.json"]),
    );
    expect(await build(cwd, "--check")).toMatchObject({ code: 0 });
  });

  it.each([
    ["the connector's folder", "out/weather-desk", "elsewhere"],
    ["a file", index, "elsewhere/target.ts"],
  ])("writes through no link that stands in place of %s", async (_, path, target) => {
    const cwd = await folderWith({ "weather.yaml": weather, "elsewhere/target.ts": "theirs\n" });
    await mkdir(join(cwd, path, ".."), { recursive: true });
    await symlink(join(cwd, target), join(cwd, path));
    for (const flags of [[], ["--force"]]) {
      const ran = await build(cwd, ...flags);
      expect(ran).toMatchObject({ code: 2, stdout: "" });
      expect(ran.stderr).toContain("is a link");
    }
    expect(await readdir(join(cwd, "elsewhere"))).toEqual(["target.ts"]);
    expect(await text(cwd, "elsewhere/target.ts")).toBe("theirs\n");
  });

  it("follows --out itself where that is a link", async () => {
    const cwd = await folderWith({ "weather.yaml": weather, "real/.keep": "" });
    await symlink(join(cwd, "real"), join(cwd, "out"));
    expect((await build(cwd)).code).toBe(0);
    expect(await readdir(join(cwd, "real/weather-desk"))).toContain("index.ts");
  });

  it("takes back what it moved when a later file cannot be moved", async () => {
    const cwd = await folderWith({ "out/desk/a.txt": "old a\n", "out/desk/b.txt": "old b\n" });
    const files = ["a", "b", "c"].map((name) => ({ path: `desk/${name}.txt`, text: `new ${name}\n` }));
    const { changes } = planOutput(files, { cwd, out: "out", target: "ts" });
    // Somebody puts a folder there between the look and the write.
    await mkdir(join(cwd, "out/desk/c.txt/inner"), { recursive: true });
    expect(() => writeChanges(changes)).toThrow(/c\.txt.*nothing was changed/);
    expect(await text(cwd, "out/desk/a.txt")).toBe("old a\n");
    expect((await readdir(join(cwd, "out/desk"))).sort()).toEqual(["a.txt", "b.txt", "c.txt"]);
  });
});

describe("connector build --watch", () => {
  it("builds again when the descriptor changes, tells of each build in a line, and survives a mistake", async () => {
    const cwd = await folderWith({ "weather.yaml": weather });
    const interrupt = new AbortController();
    onTestFinished(() => interrupt.abort());
    let heard = "";
    const stream = {
      isTerminal: false,
      write: async (data: string | Uint8Array) => {
        heard += Buffer.from(data).toString();
      },
    };
    const ended = main(["build", ".", "--out", "out", "--watch"], {
      cwd,
      env: {},
      stdout: stream,
      stderr: stream,
      readStdin: async () => new Uint8Array(),
      interrupted: interrupt.signal,
    });
    const until = (words: string): Promise<void> => expect.poll(() => heard).toContain(words);
    await until("1 connector: 5 files written, 0 unchanged; watching");
    heard = "";
    await writeFile(join(cwd, "weather.yaml"), weather.replace("method: POST", "method: PSOT"));
    await until("not built; watching");
    heard = "";
    await writeFile(join(cwd, "weather.yaml"), weather.replace("summary: ", "summary: Now "));
    await until("written");
    expect(await text(cwd, index)).toContain("Now ");
    heard = "";
    await rm(join(cwd, "weather.yaml"));
    await until("watching");
    interrupt.abort();
    expect(await ended).toBe(130);
  });

  it("refuses --check beside it", async () => {
    const cwd = await folderWith({ "weather.yaml": weather });
    expect(await build(cwd, "--watch", "--check")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--check"),
    });
  });
});
