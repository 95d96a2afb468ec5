/** Standard output without Node's stream for what is short, and with it for the rest. */
import { closeSync, createWriteStream, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { openStandardStream } from "../../cli/standard-stream.ts";
import { folderWith } from "./support.ts";

describe.skipIf(process.platform === "win32")("a standard stream", () => {
  it("writes what is short by itself", async () => {
    const file = join(await folderWith({}), "out");
    const descriptor = openSync(file, "w");
    const output = openStandardStream(descriptor, () => {
      throw new Error("the stream was opened");
    });
    await output.write("one ");
    await output.write(Buffer.from("zwölf\n"));
    expect(output.isTerminal).toBe(false);
    expect(output.isDrained).toBe(true);
    closeSync(descriptor);
    expect(await readFile(file, "utf8")).toBe("one zwölf\n");
  });

  it("leaves what is long to Node's stream, after what came before, and all that follows", async () => {
    const file = join(await folderWith({}), "out");
    const descriptor = openSync(file, "w");
    let opened = 0;
    const stream = createWriteStream(file, { fd: descriptor });
    const output = openStandardStream(descriptor, () => {
      opened++;
      return stream;
    });
    const long = "x".repeat(20_000);
    for (const text of ["first ", long, " last"]) await output.write(text);
    expect(opened).toBe(1);
    expect(output.isDrained).toBe(false);
    await new Promise((resolve) => stream.end(resolve));
    expect(await readFile(file, "utf8")).toBe(`first ${long} last`);
  });

  it("leaves to Node's stream what the descriptor does not take, and its error with it", async () => {
    const file = join(await folderWith({ out: "" }), "out");
    const descriptor = openSync(file, "r");
    const taken: string[] = [];
    const stream = new Writable({
      write: (chunk, _encoding, done) => {
        taken.push(String(chunk));
        done();
      },
    });
    const output = openStandardStream(descriptor, () => stream);
    await output.write("refused");
    closeSync(descriptor);
    expect(taken).toEqual(["refused"]);
  });

  it("writes by itself to what forgets all", async () => {
    const descriptor = openSync("/dev/null", "w");
    const output = openStandardStream(descriptor, () => {
      throw new Error("the stream was opened");
    });
    await output.write("gone");
    closeSync(descriptor);
    expect(output.isDrained).toBe(true);
  });

  it("is Node's stream where there is no pipe and no file", async () => {
    const descriptor = openSync("/dev/zero", "w");
    const stream = Object.assign(new Writable({ write: (_chunk, _encoding, done) => done() }), {
      isTTY: true,
      columns: 80,
    });
    const output = openStandardStream(descriptor, () => stream);
    closeSync(descriptor);
    expect(output).toMatchObject({ isTerminal: true, columns: 80, isDrained: false });
  });
});
