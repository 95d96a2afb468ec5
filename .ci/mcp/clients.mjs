/**
 * Holds the MCP server against the official conformance suite and the inspector, which want Node 22. `clients.mjs FOLDER`:
 * the folder where they are installed. Exits 1 where a scenario fails that no baseline names, or passes that one names.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const [tools] = process.argv.slice(2);
const root = join(import.meta.dirname, "..", "..");
const packages = join(tools, "node_modules");
const node = join(packages, "node/bin/node");
const suite = join(packages, "@modelcontextprotocol/conformance/dist/index.js");
const inspector = join(packages, "@modelcontextprotocol/inspector/clients/launcher/build/index.js");
const scratch = mkdtempSync(join(tmpdir(), "mcp-clients-"));
let failed = false;

const fixture = spawn(process.execPath, ["--import", "tsx", "test/runtime/mcp/conformance/serve-http.mts"], {
  cwd: root,
  stdio: ["pipe", "pipe", "inherit"],
});
try {
  const [url] = await Promise.race([
    once(createInterface(fixture.stdout), "line"),
    once(fixture, "exit").then(() => {
      throw new Error("the fixture ended before it served");
    }),
  ]);
  for (const revision of ["2026-07-28", "2025-11-25"]) {
    const baseline = join(import.meta.dirname, `baseline-${revision}.yaml`);
    const given = ["--requirements", revision, "--expected-failures", baseline];
    await held(`conformance ${revision}`, [suite, "server", "--url", url, ...given], () => true);
  }
  // Node 22 runs the sources as they are.
  const overStdio = [node, join(root, "test/runtime/mcp/conformance/serve-stdio.mts")];
  const ways = { http: [url, "--transport", "http"], stdio: overStdio };
  for (const [name, way] of Object.entries(ways)) {
    const inspect = [inspector, "--cli", ...way, "--format", "json", "--method"];
    const call = ["tools/call", "--tool-name", "test_simple_text", "--tool-args-json", "{}"];
    await held(`inspector over ${name}, tools/list`, [...inspect, "tools/list", "--strict"], (text) =>
      text.includes("test_simple_text"),
    );
    await held(`inspector over ${name}, tools/call`, [...inspect, ...call], (text) =>
      text.includes("simple text response"),
    );
  }
} finally {
  fixture.stdin.end();
  await once(fixture, "exit");
}
process.exitCode = failed ? 1 : 0;

/** Runs a client on Node 22; what it prints is shown where it fails. */
async function held(name, args, fits) {
  const child = spawn(node, args, { cwd: scratch, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => {
      text += chunk;
    });
  const [code] = await once(child, "close");
  const ok = code === 0 && fits(text);
  failed ||= !ok;
  console.log(`${ok ? "ok" : "FAILED"}: ${name}`);
  if (!ok) console.log(text);
}
