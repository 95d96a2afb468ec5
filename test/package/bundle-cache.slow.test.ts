/** Compiled code: what the package brings, and what is kept for a V8 that it brings none for. */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { folderWith, weather } from "../cli/support.ts";

const built = join(import.meta.dirname, "..", "..", "dist", "cli");

/** A copy of the program that takes this Node's V8 for another than the build's. */
async function foreignProgram(
  descriptor = weather,
): Promise<{ home: string; run(env?: Record<string, string>): string }> {
  const home = await folderWith({ "connector.yaml": descriptor });
  cpSync(built, join(home, "cli"), { recursive: true });
  for (const name of ["connector.cjs", "worker.cjs"]) {
    const file = join(home, "cli", name);
    const text = readFileSync(file, "utf8");
    const other = text.replaceAll(JSON.stringify(process.versions.v8), '"0.0"');
    // A build of another Node is foreign as it is.
    writeFileSync(file, other);
  }
  const args = [join(home, "cli", "connector.cjs"), "validate", "connector.yaml"];
  return {
    home,
    run: (env = { HOME: home }) => execFileSync(process.execPath, args, { cwd: home, env, encoding: "utf8" }),
  };
}

function cached(home: string): readonly string[] {
  const folder = join(home, process.platform === "darwin" ? "Library/Caches" : ".cache", "connectorc");
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name));
}

/** Says on standard error of each script what became of the compiled code that it was given. */
const watchScripts = `
const vm = require("node:vm");
vm.Script = class extends vm.Script {
  constructor(text, options) {
    super(text, options);
    const name = options.filename.split(/[\\\\/]/).at(-1);
    const became = options.cachedData ? (this.cachedDataRejected ? "refused" : "taken") : "none";
    process.stderr.write(name + " " + became + "\\n");
  }
};`;

const isOfThisV8 = readFileSync(join(built, "connector.cjs"), "utf8").includes(
  JSON.stringify(process.versions.v8),
);

describe.skipIf(!isOfThisV8)("compiled code that the package brings", () => {
  it.each([
    ["a plain run", weather, ["validate", "connector.yaml"], ["program", "validate"]],
    [
      "a run with options",
      weather,
      ["validate", "--preset", "strict", "connector.yaml"],
      ["program", "main", "validate"],
    ],
    ["a run on a large file", large(), ["validate", "connector.yaml"], ["program", "validate"]],
  ])("is taken by %s", async (_what, text, args, bundles) => {
    const home = await folderWith({ "connector.yaml": text, "watch.cjs": watchScripts });
    const { status, stderr } = spawnSync(
      process.execPath,
      ["--require", join(home, "watch.cjs"), join(built, "connector.cjs"), ...args],
      { cwd: home, encoding: "utf8" },
    );
    expect(stderr.trim().split("\n")).toEqual(bundles.map((bundle) => `${bundle}.cjs taken`));
    expect(status).toBe(0);
  });
});

/** So large that the heap's growth is limited, by a flag that compiled code must not be made under. */
function large(): string {
  return `${weather}${"# A line of a long comment.\n".repeat(6_000)}`;
}

describe.skipIf(process.platform === "win32")("compiled code on another V8", () => {
  it("is kept in the user's own folder, and taken from there by the next run", async () => {
    const { home, run } = await foreignProgram();
    const first = run();
    const files = cached(home);
    expect(files.map((file) => /[^/]+\.cjs/.exec(file.slice(file.lastIndexOf("/")))?.[0])).toEqual([
      "program.cjs",
      "validate.cjs",
    ]);
    const before = files.map((file) => statSync(file).ino);
    expect(run()).toBe(first);
    expect(cached(home).map((file) => statSync(file).ino)).toEqual(before);
  });

  it("is taken by the next run where the first was on a large file", async () => {
    const { home, run } = await foreignProgram(large());
    run();
    const before = cached(home).map((file) => statSync(file).ino);
    run();
    expect(cached(home).map((file) => statSync(file).ino)).toEqual(before);
  });

  it("is made anew where it was cut off", async () => {
    const { home, run } = await foreignProgram();
    const first = run();
    const [file = ""] = cached(home);
    truncateSync(file, 100);
    expect(run()).toBe(first);
    expect(statSync(file).size).toBeGreaterThan(1000);
  });

  it("is done without where there is no home", async () => {
    const { home, run } = await foreignProgram();
    expect(run({})).toBe("1 file: no errors\n");
    expect(readdirSync(home).sort()).toEqual(["cli", "connector.yaml"]);
  });
});
