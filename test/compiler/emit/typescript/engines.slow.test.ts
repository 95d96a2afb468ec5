/** A standalone client, as it was written, in Deno and in Bun. Skipped where these are not on the PATH. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { emitStandalone } from "../../../../compiler/emit/typescript/standalone/index.ts";
import { connectorOf, expected, main, small, startSmall } from "../support/small-client.ts";

const { PATH = "" } = process.env;
const engines = [
  { name: "deno", args: ["run", "--allow-net=127.0.0.1", "--no-remote", "--sloppy-imports"] },
  { name: "bun", args: ["run"] },
].map((engine) => ({
  ...engine,
  program: PATH.split(delimiter)
    .map((folder) => join(folder, engine.name))
    .find(existsSync),
}));
for (const { name, program } of engines)
  if (program === undefined) console.warn(`SKIPPED: no ${name} on the PATH, so no client runs in it`);

describe.each(engines)("a standalone client in $name", ({ program = "", args }) => {
  it.runIf(program !== "")("reads pages, paces and scrubs", async () => {
    const folder = await mkdtemp(join(tmpdir(), "engine-"));
    const server = await startSmall();
    try {
      const files = [
        ...(await emitStandalone(await connectorOf(small))),
        { path: "small/main.ts", text: `${main(server.origin)}console.log(await globalThis.ran);\n` },
      ];
      for (const { path, text } of files) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await writeFile(join(folder, path), text);
      }
      const env = { PATH, HOME: folder, DENO_DIR: join(folder, "deno"), DENO_NO_UPDATE_CHECK: "1" };
      const { stdout } = await promisify(execFile)(program, [...args, "small/main.ts"], { cwd: folder, env });
      expect(JSON.parse(stdout)).toEqual(expected);
    } finally {
      await server.close();
      await rm(folder, { recursive: true });
    }
  });
});
