/**
 * What a call costs, in CPU of the client's process: 1 KB of JSON, 50 at a time, each engine in a process of its own,
 * the server in another, in interleaved rounds. `npm run bench` builds first. axios is measured with `--peers=FOLDER`
 * where it is installed there. Exits 1 past a bound.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { availableParallelism, loadavg } from "node:os";
import { join } from "node:path";
import { compile } from "../compiler/index.ts";
import { concurrency, type EngineName, engines } from "./call/engines.ts";
import { answerBody, callDescriptor } from "./call/work.ts";

const rounds = Number(process.argv.find((word) => word.startsWith("--rounds="))?.slice(9) ?? 11);
const peers = process.argv.find((word) => word.startsWith("--peers="))?.slice(8);
const only = process.argv
  .find((word) => word.startsWith("--only="))
  ?.slice(7)
  .split(",");
const warmUpCalls = 6_000;
const calls = 6_000;

const { ir, diagnostics } = await compile(callDescriptor());
if (!ir) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
const server = start("server.ts");
const [port] = await once(server, "message");
const origin = `http://127.0.0.1:${port}`;
const names = (Object.keys(engines) as EngineName[]).filter(
  (name) => (name !== "axios" || peers !== undefined) && (only?.some((word) => name.includes(word)) ?? true),
);
const children = new Map<EngineName, ChildProcess>();
const costs = new Map<EngineName, number[]>(names.map((name) => [name, []]));
for (const name of names) {
  const child = start("contestant.ts");
  await ask(child, { engine: name, origin, ir, peers });
  await ask(child, warmUpCalls);
  children.set(name, child);
}
for (let round = 0; round < rounds; round++)
  for (let turn = 0; turn < names.length; turn++) {
    const name = names[(turn + round) % names.length];
    const child = name && children.get(name);
    if (child) costs.get(name)?.push(await ask(child, calls));
  }
for (const child of [...children.values(), server]) child.disconnect();

const median = (name: EngineName): number => {
  const sorted = [...(costs.get(name) ?? [])].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
};
const base = median("undici dispatch");
console.log(
  `Node ${process.versions.node}, ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)}; ${answerBody().length} bytes, ${concurrency} at a time, medians of ${rounds} rounds of ${calls} calls`,
);
for (const name of names)
  console.log(
    `${name.padEnd(24)}${median(name).toFixed(1).padStart(8)} us CPU a call${(median(name) / base).toFixed(2).padStart(8)} x dispatch`,
  );

function start(file: string): ChildProcess {
  return fork(join(import.meta.dirname, "call", file), { execArgv: ["--import", "tsx"] });
}

async function ask(child: ChildProcess, what: object | number): Promise<number> {
  child.send(what);
  const [answer] = await once(child, "message");
  return answer;
}
