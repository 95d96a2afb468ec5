/** The snippet of docs/fleet.md runs as it stands, on a server of the test's own. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { hasRedis, startRedis } from "../support/redis-server.ts";

const home = new URL("../../", import.meta.url).pathname;

describe.skipIf(!hasRedis())("docs/fleet.md", () => {
  it("has a snippet that runs", async () => {
    const page = await readFile(`${home}docs/fleet.md`, "utf8");
    const [, code = ""] = /^```ts\n([\s\S]*?)^```$/m.exec(page) ?? [];
    expect(code).toContain("createRedisState");
    const server = await startRedis();
    const folder = await mkdtemp(join(tmpdir(), "fleet-"));
    try {
      const file = join(folder, "fleet.mts");
      const onSources = code
        .replace(/"connectorc\/(\w+)"/g, (_, entry: string) =>
          JSON.stringify(`${home}runtime/${entry === "runtime" ? "" : `${entry}/`}index.ts`),
        )
        .replace("redis://127.0.0.1:6379", server.url);
      await writeFile(file, `${onSources}\nconsole.log("closed");\n`);
      const loader = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
      const env = { ...process.env, SECRETS_KEY: "sixteen bytes and more" };
      const { stdout } = await promisify(execFile)(process.execPath, ["--import", loader, file], { env });
      expect(stdout).toBe("closed\n");
    } finally {
      await rm(folder, { recursive: true });
      await server.stop();
    }
  });
});
