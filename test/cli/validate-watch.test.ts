import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { main } from "../../cli/main.ts";
import type { ExitCode } from "../../cli/world.ts";
import { folderWith, run, weather } from "./support.ts";

const warned = weather.replace("  - key: region\n", "  - key: colour\n    label: Colour\n  - key: region\n");

interface Watching {
  /** What was written since the last call, once the run is over that makes the program wait. */
  round(): Promise<string>;
  stop(): Promise<ExitCode>;
}

/** Runs `connector validate --watch` in place; both streams come as one text. */
function watch(cwd: string, ...argv: readonly string[]): Watching {
  let text = "";
  let tell = (): void => {};
  const write = async (data: string | Uint8Array): Promise<void> => {
    text += Buffer.from(data).toString();
    tell();
  };
  const stream = { isTerminal: false, write };
  const interrupt = new AbortController();
  const ended = main(["validate", ...argv, "--watch"], {
    cwd,
    env: {},
    stdout: stream,
    stderr: stream,
    readStdin: async () => new Uint8Array(),
    interrupted: interrupt.signal,
  });
  return {
    async round() {
      for (;;) {
        const end = text.indexOf("Ctrl-C ends\n");
        if (end >= 0) {
          const round = text.slice(0, end);
          text = text.slice(end + "Ctrl-C ends\n".length);
          return round;
        }
        await new Promise<void>((resolve) => {
          tell = resolve;
        });
      }
    },
    stop: () => {
      interrupt.abort();
      return ended;
    },
  };
}

describe("--watch", () => {
  it("validates again what was saved, in place or by a rename, until it is interrupted", async () => {
    const cwd = await folderWith({ "a.yaml": weather, "b.yaml": warned });
    const watching = watch(cwd, "a.yaml", "b.yaml");
    expect(await watching.round()).toContain("2 files: no errors, 1 warning");
    await writeFile(join(cwd, "a.yaml"), warned);
    expect(await watching.round()).toContain("2 files: no errors, 2 warnings");
    await writeFile(join(cwd, ".a.tmp"), weather);
    await rename(join(cwd, ".a.tmp"), join(cwd, "a.yaml"));
    expect(await watching.round()).toContain("2 files: no errors, 1 warning");
    expect(await watching.stop()).toBe(130);
  });

  it("finds new files of a folder, and of one below it", async () => {
    const cwd = await folderWith({ "a.yaml": weather, "sub/notes.txt": "" });
    const watching = watch(cwd);
    expect(await watching.round()).toContain("1 file: no errors");
    await writeFile(join(cwd, "sub/b.yaml"), warned);
    expect(await watching.round()).toContain("2 files: no errors, 1 warning");
    await watching.stop();
  });

  it("follows schema files, the configuration and the baseline", async () => {
    const files = {
      "a.yaml": warned.replace("items: { type: object }", "items: { $ref: ./shapes/reading.json }"),
      "shapes/reading.json": '{ "type": "object" }',
      "lists/known.json": '{"version": 1, "findings": []}\n',
    };
    const cwd = await folderWith(files);
    const watching = watch(cwd, "a.yaml", "--baseline", "lists/known.json");
    expect(await watching.round()).toContain("1 warning");
    await writeFile(join(cwd, "shapes/reading.json"), '{ "type": "objekt" }');
    expect(await watching.round()).toContain("1 error");
    await writeFile(join(cwd, "shapes/reading.json"), '{ "type": "array" }');
    expect(await watching.round()).toContain("no errors, 1 warning");
    await writeFile(join(cwd, "connector.config.yaml"), "preset: minimal\n");
    expect(await watching.round()).toContain("no errors");
    await writeFile(join(cwd, "connector.config.yaml"), "preset: recommended\n");
    expect(await watching.round()).toContain("1 warning");
    await run(["validate", "a.yaml", "--baseline", "lists/known.json", "--update-baseline"], { cwd });
    expect(await watching.round()).not.toContain("warning");
    await watching.stop();
  });

  it("goes on when the configuration is broken and mended", async () => {
    const cwd = await folderWith({ "a.yaml": weather, "connector.config.yaml": "preset: strickt\n" });
    const watching = watch(cwd, "a.yaml");
    expect(await watching.round()).toContain("is not valid");
    await writeFile(join(cwd, "connector.config.yaml"), "preset: minimal\n");
    expect(await watching.round()).toContain("1 file: no errors");
    await watching.stop();
  });

  it("clears nothing where there is no terminal", async () => {
    const cwd = await folderWith({ "a.yaml": weather });
    const watching = watch(cwd, "a.yaml");
    const first = await watching.round();
    await writeFile(join(cwd, "a.yaml"), warned);
    expect(first + (await watching.round())).not.toContain("\x1b");
    await watching.stop();
  });

  it.each([
    ["standard input", ["-"]],
    ["--fix", ["a.yaml", "--fix"]],
    ["--update-baseline", ["a.yaml", "--baseline", "b.json", "--update-baseline"]],
  ])("is refused with %s", async (_, argv) => {
    const cwd = await folderWith({ "a.yaml": weather });
    expect((await run(["validate", ...argv, "--watch"], { cwd })).code).toBe(2);
  });
});
