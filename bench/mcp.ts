/**
 * What the MCP server takes: the start to the first list of tools, in whole processes of the built program, and the CPU
 * of a call over that of the interpreter alone, both in this process against a server on loopback. `npm run bench` builds
 * first. Exits 1 past a bound.
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { compile } from "../compiler/index.ts";
import { createRuntime } from "../runtime/index.ts";
import { createToolServer } from "../runtime/mcp/index.ts";
import { startServer } from "../runtime/testing/index.ts";
import { InMemoryChannel } from "./mcp/channel.ts";

const program = join(import.meta.dirname, "..", "dist", "cli", "connector.cjs");
const rounds = 9;
const calls = 500;
const callRounds = 12;
/** CPU of a call over the interpreter's, in milliseconds. */
const callBound = 0.5;
/** Whole processes to the first list, as multiples of `node -e ''` (40 ms where nothing else runs). */
const startBounds = { ir: 250 / 40, yaml: 350 / 40 };

const text = `metadata: { name: Bench, slug: bench-mcp, description: An API for the bench., publisher: Bench }
base_url: "{base_url}"
connection_config: [{ key: base_url, label: Base URL }]
authentication: [{ type: none }]
operations:
  - operation_id: get_thing
    endpoint: "/things/{id}"
    summary: Gets a thing
    auth_type_ref: none
    parameters: [{ name: id, location: path, required: true }, { name: state, location: query }]
mcp_config: { enabled: true, server_name: bench, server_description: Things. }
`;
const missed: string[] = [];
console.log(`Node ${process.versions.node}, load ${loadavg()[0]?.toFixed(1)}`);
await starts();
await overhead();
for (const what of missed) console.log(`MISSED: ${what}`);
process.exitCode = missed.length === 0 ? 0 : 1;

async function starts(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "connector-bench-"));
  try {
    const yaml = join(folder, "bench.yaml");
    writeFileSync(yaml, text);
    spawnSync(process.execPath, [program, "build", yaml, "--out", folder, "--target", "ir"]);
    const times = { node: [] as number[], ir: [] as number[], yaml: [] as number[] };
    for (let round = -1; round < rounds; round++) {
      const began = performance.now();
      spawnSync(process.execPath, ["-e", ""]);
      const took = {
        node: performance.now() - began,
        ir: await firstList(join(folder, "bench-mcp", "ir.json")),
        yaml: await firstList(yaml),
      };
      // The first round warms the disk cache.
      if (round >= 0) for (const name of ["node", "ir", "yaml"] as const) times[name].push(took[name]);
    }
    const base = median(times.node);
    for (const name of ["ir", "yaml"] as const) {
      const ratio = median(times[name]) / base;
      console.log(
        `first tools/list from ${name}: ${median(times[name]).toFixed(0)} ms, ${ratio.toFixed(2)} x node -e ''`,
      );
      if (ratio > startBounds[name])
        missed.push(`the start from ${name} takes more than ${startBounds[name]} x node`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Milliseconds from the start of the process to its list of tools. */
function firstList(path: string): Promise<number> {
  return new Promise((resolve) => {
    const began = performance.now();
    const child = spawn(process.execPath, [program, "mcp", path], {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, CONNECTOR_BENCH_MCP_BASE_URL: "https://api.example.com" },
    });
    let heard = "";
    let took = Number.NaN;
    child.stdout.on("data", (chunk) => {
      heard += String(chunk);
      if (!Number.isNaN(took) || !heard.includes('"tools":[')) return;
      took = performance.now() - began;
      child.stdin.end();
    });
    child.once("close", () => resolve(took));
    const params = {
      protocolVersion: "2025-11-25",
      capabilities: {},
      clientInfo: { name: "bench", version: "1" },
    };
    for (const message of [
      { id: 1, method: "initialize", params },
      { method: "notifications/initialized" },
      { id: 2, method: "tools/list" },
    ])
      child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  });
}

async function overhead(): Promise<void> {
  const upstream = await startServer({ "GET /things/:id": { json: { id: "1", text: "x".repeat(900) } } });
  const runtime = createRuntime({ network: { allow: [upstream.host] } });
  try {
    const { ir } = await compile(text);
    const connection = runtime.connect(ir, { config: { base_url: upstream.origin } });
    const channel = await InMemoryChannel.open(createToolServer({ connectors: [{ ir, connection }] }));
    const given = { id: "1", state: "open" };
    const alone: number[] = [];
    const served: number[] = [];
    for (let round = -2; round < callRounds; round++) {
      const plain = await cpuOf(() => connection.call("get_thing", given));
      const asTool = await cpuOf(() => channel.call("get_thing", given));
      // The first rounds warm the compiler up.
      if (round < 0) continue;
      alone.push(plain);
      served.push(asTool);
    }
    const over = median(served) - median(alone);
    console.log(
      `CPU of a call: ${median(alone).toFixed(3)} ms, as a tool ${median(served).toFixed(3)} ms: ${over.toFixed(3)} ms over`,
    );
    if (over > callBound)
      missed.push(`a tool call takes more than ${callBound} ms of CPU over the interpreter`);
    await channel.close();
  } finally {
    await runtime.close();
    await upstream.close();
  }
}

/** Milliseconds of CPU of one call, one after the other. */
async function cpuOf(call: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  for (let at = 0; at < calls; at++) await call();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / calls;
}

function median(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}
