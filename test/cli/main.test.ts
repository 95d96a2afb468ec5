import { describe, expect, it } from "vitest";
import { run } from "./support.ts";

const commands = ["validate", "build", "call", "check", "auth", "show", "explain", "schema"];
const cwd = import.meta.dirname;

describe("connector", () => {
  it.each(commands)("shows help with an example and the exit codes for %s", async (command) => {
    const ran = await run([command, "--help"], { cwd });
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(ran.stdout).toContain(`$ connector ${command}`);
    expect(ran.stdout).toContain("Exit codes:");
  });

  it("lists every command in its help", async () => {
    const ran = await run(["--help"], { cwd });
    expect(ran.code).toBe(0);
    for (const command of commands) expect(ran.stdout).toContain(`\n  ${command}`);
  });

  it("prints its version", async () => {
    expect(await run(["--version"], { cwd })).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
      stderr: "",
    });
  });

  it.each([
    [[]],
    [["valdate"]],
    [["call", "x.yaml"]],
    [["build", "x.yaml"]],
    [["call", "x.yaml", "op", "--output", "xml"]],
  ])("ends with 2 on %j, and keeps standard output for data", async (argv) => {
    const ran = await run(argv, { cwd });
    expect(ran.code).toBe(2);
    expect(ran.stdout).toBe("");
    expect(ran.stderr).not.toBe("");
  });

  it("prints the schema for editors", async () => {
    const ran = await run(["schema"], { cwd });
    expect(ran.code).toBe(0);
    expect(JSON.parse(ran.stdout)).toMatchObject({ $schema: "https://json-schema.org/draft/2020-12/schema" });
  });
});
