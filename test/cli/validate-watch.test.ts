import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { main } from "../../cli/main.ts";
import type { ExitCode } from "../../cli/world.ts";
import { folderWith, run, weather } from "./support.ts";

const warned = weather.replace("  - key: region\n", "  - key: colour\n    label: Colour\n  - key: region\n");

interface Watching {
  /**
   * Waits for a run whose output holds the words, after those that were waited for before, and answers it. How many
   * runs there are until then is the machine's business: each of them may see any state that the disk was in.
   */
  until(words: string | RegExp): Promise<string>;
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
  onTestFinished(() => interrupt.abort());
  const ended = main(["validate", ...argv, "--watch"], {
    cwd,
    env: {},
    stdout: stream,
    stderr: stream,
    readStdin: async () => new Uint8Array(),
    interrupted: interrupt.signal,
  });
  let isOver = false;
  void ended.finally(() => {
    isOver = true;
    tell();
  });
  const nextRun = async (): Promise<string> => {
    const last = "Ctrl-C ends\n";
    while (!text.includes(last)) {
      if (isOver) throw new Error(`the program ended: ${text}`);
      await new Promise<void>((resolve) => {
        tell = resolve;
      });
    }
    const end = text.indexOf(last) + last.length;
    const found = text.slice(0, end);
    text = text.slice(end);
    return found;
  };
  return {
    async until(words) {
      for (;;) {
        const found = await nextRun();
        if (typeof words === "string" ? found.includes(words) : words.test(found)) return found;
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
    await watching.until("2 files: no errors, 1 warning");
    await writeFile(join(cwd, "a.yaml"), warned);
    await watching.until("2 files: no errors, 2 warnings");
    await writeFile(join(cwd, ".a.tmp"), weather);
    await rename(join(cwd, ".a.tmp"), join(cwd, "a.yaml"));
    await watching.until("2 files: no errors, 1 warning");
    expect(await watching.stop()).toBe(130);
  });

  it("finds new files of a folder, and of one below it", async () => {
    const cwd = await folderWith({ "a.yaml": weather, "sub/notes.txt": "" });
    const watching = watch(cwd);
    await watching.until(/1 file: no errors$/m);
    await writeFile(join(cwd, "sub/b.yaml"), warned);
    await watching.until("2 files: no errors, 1 warning");
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
    await watching.until("1 warning");
    await writeFile(join(cwd, "shapes/reading.json"), '{ "type": "objekt" }');
    await watching.until("1 error");
    await writeFile(join(cwd, "shapes/reading.json"), '{ "type": "array" }');
    await watching.until("no errors, 1 warning");
    await writeFile(join(cwd, "connector.config.yaml"), "preset: minimal\n");
    await watching.until(/no errors$/m);
    await writeFile(join(cwd, "connector.config.yaml"), "preset: recommended\n");
    await watching.until("1 warning");
    await run(["validate", "a.yaml", "--baseline", "lists/known.json", "--update-baseline"], { cwd });
    await watching.until("no errors, 1 ignored");
    await watching.stop();
  });

  it("goes on when the configuration is broken and mended", async () => {
    const cwd = await folderWith({ "a.yaml": weather, "connector.config.yaml": "preset: strickt\n" });
    const watching = watch(cwd, "a.yaml");
    await watching.until("is not valid");
    await writeFile(join(cwd, "connector.config.yaml"), "preset: minimal\n");
    await watching.until("1 file: no errors");
    await watching.stop();
  });

  it("clears nothing where there is no terminal", async () => {
    const cwd = await folderWith({ "a.yaml": weather });
    const watching = watch(cwd, "a.yaml");
    const first = await watching.until("no errors");
    await writeFile(join(cwd, "a.yaml"), warned);
    expect(first + (await watching.until("1 warning"))).not.toContain("\x1b");
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
