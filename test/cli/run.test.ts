/** The command line that does without commander gives what commander would have given. */
import { Command } from "commander";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { noFlags, plainPaths, run } from "../../cli/run.ts";
import { validateUsage } from "../../cli/usage/validate.ts";
import type { World } from "../../cli/world.ts";
import { folderWith, weather } from "./support.ts";

/** What commander hands to the command for these words. */
async function byCommander(argv: readonly string[]): Promise<unknown> {
  const program = new Command("connector").exitOverride();
  validateUsage(program, silentWorld("/"), () => {});
  let given: unknown;
  program.commands[0]?.exitOverride().action((paths, options) => {
    given = { paths, options };
  });
  await program.parseAsync([...argv], { from: "user" });
  return given;
}

function silentWorld(cwd: string, told: string[] = []): World {
  const output = {
    isTerminal: false,
    write: async (text: string | Uint8Array) => void told.push(String(text)),
  };
  return {
    cwd,
    env: {},
    stdout: output,
    stderr: output,
    readStdin: async () => Buffer.from(weather),
    interrupted: new AbortController().signal,
  };
}

const word = fc.oneof(
  fc.constantFrom(
    "a.yaml",
    "-",
    "-#slug",
    "--",
    "--fix",
    "--format",
    "json",
    "-V",
    "help",
    "validate",
    "",
    "é",
    "a=b",
  ),
  fc.string(),
);

describe("a command line without options", () => {
  it("means to us what it means to commander", async () => {
    let plain = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 4 }), async (words) => {
        const paths = plainPaths(["validate", ...words]);
        const isPlain = words.every((one) => one === "-" || !one.startsWith("-"));
        expect(paths).toEqual(isPlain ? words : undefined);
        if (!paths) return;
        plain++;
        expect({ paths, options: noFlags }).toEqual(await byCommander(["validate", ...words]));
      }),
      { numRuns: 300 },
    );
    expect(plain).toBeGreaterThan(30);
  });

  it.each([[["call", "a.yaml"]], [["--version"]], [[]], [["validate", "--fix"]], [["validate", "--help"]]])(
    "leaves %j to commander",
    (argv) => {
      expect(plainPaths(argv)).toBeUndefined();
    },
  );

  it("reports and fails like one with options", async () => {
    const home = await folderWith({ "good.yaml": weather, "bad.yaml": "metadata: 1\n" });
    const outcome = async (argv: readonly string[]): Promise<unknown> => {
      const told: string[] = [];
      return { code: await run(argv, silentWorld(home, told)), told: told.join("") };
    };
    for (const paths of [["good.yaml"], ["bad.yaml"], ["good.yaml", "bad.yaml"], ["none.yaml"], ["-"], []])
      expect(await outcome(["validate", ...paths])).toEqual(
        await outcome(["validate", ...paths, "--format", "pretty"]),
      );
  });
});
