import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { folderWith, run, weather } from "./support.ts";

describe("connector build", () => {
  it("writes the IR and a typed client into DIR/<slug>/", async () => {
    const cwd = await folderWith({ "weather.yaml": weather });
    const ran = await run(["build", "weather.yaml", "--out", "made/here"], { cwd });
    expect(ran.code, ran.stderr).toBe(0);
    const files = (await readdir(join(cwd, "made/here/weather-desk"))).sort();
    expect(files).toEqual(expect.arrayContaining(["index.ts", "ir.json"]));
    expect(ran.stdout.trimEnd().split("\n").sort()).toEqual(
      files.map((name) => `made/here/weather-desk/${name}`),
    );
  });

  it("writes the IR alone with --target ir, the same bytes each time", async () => {
    const cwd = await folderWith({ "weather.yaml": weather });
    const build = (out: string) => run(["build", "weather.yaml", "--out", out, "--target", "ir"], { cwd });
    expect((await build("one")).code).toBe(0);
    expect((await build("two")).code).toBe(0);
    const text = await readFile(join(cwd, "one/weather-desk/ir.json"), "utf8");
    expect(JSON.parse(text)).toMatchObject({ slug: "weather-desk", ir_version: 1 });
    expect(await readFile(join(cwd, "two/weather-desk/ir.json"), "utf8")).toBe(text);
  });

  it("writes nothing where any descriptor has errors, and ends with 1", async () => {
    const cwd = await folderWith({
      "a.yaml": weather,
      "b.yaml": weather.replace("weather-desk", "b-desk").replace("method: POST", "method: PSOT"),
    });
    const ran = await run(["build", ".", "--out", "out", "--target", "ir"], { cwd });
    expect(ran).toMatchObject({ code: 1, stdout: "" });
    expect(ran.stderr).toContain("PSOT");
    await expect(stat(join(cwd, "out"))).rejects.toThrow();
  });

  it("ends with 2 when two descriptors share a slug, and writes nothing", async () => {
    const cwd = await folderWith({ "a.yaml": weather, "b.yaml": weather });
    expect(await run(["build", ".", "--out", "out"], { cwd })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("slug weather-desk"),
    });
    await expect(stat(join(cwd, "out"))).rejects.toThrow();
  });

  it("ends with 2 when the folder cannot be written", async () => {
    const cwd = await folderWith({ "weather.yaml": weather, out: "a file" });
    expect(await run(["build", "weather.yaml", "--out", "out", "--target", "ir"], { cwd })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("cannot write"),
    });
  });
});
