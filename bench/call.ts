/**
 * What a call costs, in CPU of the client's process: 1 KB of JSON, 50 at a time, an authorization header, a path
 * template, a query, two limits with room. Each engine runs in a process of its own, the server in another; rounds are
 * interleaved in an order drawn anew each time, and the processes are replaced now and then, since no two of them lie
 * alike in memory. What runs is what is published: `npm run bench` builds first, and no compiler stands in the contestants'
 * processes, where tsx would rewrite our modules (each function made in a call would be given its name by a call of its own)
 * and leave those of the peers as they are. axios is measured with `--peers=FOLDER` where it is installed there.
 *
 * Exits 1 past a bound, and 2 where one engine differs from itself by more than 3 %: then the figures mean nothing.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { availableParallelism, loadavg } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { compile } from "../compiler/index.ts";
import { concurrency, type EngineName, engines } from "./call/engines.ts";
import { answerBody, callDescriptor } from "./call/work.ts";

const generations = numberOf("generations", 4);
const rounds = numberOf("rounds", 25);
const calls = 2_000;
const warmUpCalls = 8_000;
const peers = given("peers");

const base: EngineName = "undici dispatch";
/** Most that our calls may cost, as multiples of others. */
const bounds: readonly (readonly [EngineName, number, EngineName])[] = [
  ["ours, check off", 1.15, base],
  ["ours, check on", 1.5, base],
  ["ours, check off", 0.8, "undici request"],
  ["ours, check off", 1 / 3, "fetch"],
  ["ours, check off", 1 / 5, "axios"],
];

const { ir, diagnostics } = await compile(callDescriptor());
if (!ir) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
/** Below `node_modules`, so that the peers are found. */
const programs = join(import.meta.dirname, "../node_modules/.cache/connectorc-bench-call");
await build({
  entryPoints: ["contestant", "server"].map((name) => join(import.meta.dirname, "call", `${name}.ts`)),
  bundle: true,
  packages: "external",
  platform: "node",
  format: "esm",
  outdir: programs,
  outExtension: { ".js": ".mjs" },
  define: { "import.meta.dirname": JSON.stringify(join(import.meta.dirname, "call")) },
  logLevel: "warning",
});
const server = start("server");
const [port] = await once(server, "message");
const origin = `http://127.0.0.1:${port}`;
const only = given("only")?.split(",");
const names = Object.keys(engines)
  .filter(isEngine)
  .filter((name) => name !== "axios" || peers !== undefined)
  .filter((name) => only?.some((word) => name.includes(word)) ?? true);
const costs = new Map<EngineName, number[]>(names.map((name) => [name, []]));
for (let generation = 0; generation < generations; generation++) await measure();
server.disconnect();
report();

/** Several rounds with processes of their own. */
async function measure(): Promise<void> {
  const children: [EngineName, ChildProcess][] = names.map((name) => [name, start("contestant")]);
  for (const [engine, child] of children) {
    await ask(child, { engine, origin, ir, peers: peers ?? "" });
    await ask(child, warmUpCalls);
  }
  for (let round = 0; round < rounds; round++)
    for (const [name, child] of shuffled(children)) costs.get(name)?.push(await ask(child, calls));
  for (const [, child] of children) child.disconnect();
}

function report(): void {
  console.log(
    `Node ${process.versions.node}, ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)}; ${answerBody().length} bytes, ${concurrency} at a time`,
  );
  console.log(
    `medians over ${generations * rounds} rounds of ${calls} calls in ${generations} processes an engine`,
  );
  for (const name of names) {
    const cost = median(costs.get(name) ?? []).toFixed(1);
    console.log(
      `${name.padEnd(24)}${cost.padStart(8)} us CPU a call${ratioOf(name, base).toFixed(2).padStart(8)} x dispatch`,
    );
  }
  const missed = bounds.filter(([name, bound, other]) => ratioOf(name, other) > bound);
  for (const [name, bound, other] of missed)
    console.log(
      `MISSED: ${name} is ${ratioOf(name, other).toFixed(2)} x ${other}, the bound is ${bound.toFixed(2)}`,
    );
  if (peers === undefined) console.log("SKIPPED: axios; give --peers=FOLDER, where it is installed");
  const self = ratioOf("the same again", base);
  const isVoid = self < 0.97 || self > 1.03;
  if (isVoid)
    console.log(`VOID: the same engine twice differs by ${self.toFixed(2)}; the machine is too busy`);
  process.exitCode = isVoid ? 2 : missed.length > 0 ? 1 : 0;
}

/** The median over the rounds of what one engine cost in a round beside another. */
function ratioOf(name: EngineName, other: EngineName): number {
  const others = costs.get(other) ?? [];
  return median((costs.get(name) ?? []).map((cost, round) => cost / (others[round] ?? Number.NaN)));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

function start(name: string): ChildProcess {
  return fork(join(programs, `${name}.mjs`), { execArgv: [] });
}

async function ask(child: ChildProcess, what: object | number): Promise<number> {
  child.send(what);
  const [answer] = await once(child, "message");
  return answer;
}

function isEngine(name: string): name is EngineName {
  return Object.hasOwn(engines, name);
}

function given(name: string): string | undefined {
  return process.argv.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
}

function numberOf(name: string, otherwise: number): number {
  return Number(given(name) ?? otherwise);
}
