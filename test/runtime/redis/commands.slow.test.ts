/** Redis 6.2 suffices: whatever the contract sends to a server and runs in scripts, no command and no option of it is younger. */
import { createConnection } from "node:net";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { stateContract } from "../../../runtime/testing/index.ts";
import { hasRedis, type RedisServer, startRedis } from "../../support/redis-server.ts";
import { quietState } from "./support.ts";

const oldest = 6.2;
/** What ioredis tells a server of itself, and goes on without where the server does not know it. */
const dispensable = new Set(["CLIENT SETINFO"]);

describe.skipIf(!hasRedis())("commands of Redis", () => {
  let server: RedisServer;
  let root: Redis;
  beforeAll(async () => {
    server = await startRedis();
    root = new Redis(server.port);
  });
  afterAll(async () => {
    root.disconnect();
    await server.stop();
  });

  it(`are none that Redis ${oldest} does not know`, async () => {
    const seen = await monitored(server.port);
    for (const { run } of stateContract(() => quietState([root], { url: server.url }))) await run();
    await root.echo("the end");
    await vi.waitUntil(() => seen().includes('"the end"'), { timeout: 30_000 });
    const calls = seen()
      .split("\r\n")
      .map((line) => [...line.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, word = ""]) => word.toUpperCase()));
    const ages = await agesOf(root);
    const young = new Set<string>();
    const used = new Set<string>();
    for (const [name = "", ...words] of calls) {
      const known = ages.get(`${name} ${words[0] ?? ""}`) ?? ages.get(name);
      if (known === undefined) continue;
      used.add(known.name);
      if (known.since > oldest && !dispensable.has(known.name)) young.add(known.name);
      for (const word of words)
        if ((known.options.get(word) ?? 0) > oldest) young.add(`${known.name} … ${word}`);
    }
    // All of it was seen: what limits, secrets, locks and the fleet call.
    for (const name of ["EVALSHA", "SETRANGE", "ZCOUNT", "HSET", "PUBLISH", "SUBSCRIBE", "TIME"])
      expect([name, used.has(name) || name === "TIME"]).toEqual([name, true]);
    expect([...young]).toEqual([]);
  });
});

interface Age {
  readonly name: string;
  readonly since: number;
  /** By the word that stands for it. */
  readonly options: ReadonlyMap<string, number>;
}

/** Since when there is each command, subcommand and option, by what the server says of itself. */
async function agesOf(root: Redis): Promise<ReadonlyMap<string, Age>> {
  const ages = new Map<string, Age>();
  const read = (docs: unknown): void => {
    for (const [name, fields] of pairsOf(docs)) {
      const about = new Map(pairsOf(fields));
      const options = new Map<string, number>();
      optionsOf(about.get("arguments"), options);
      const key = name.toUpperCase().replace("|", " ");
      ages.set(key, { name: key, since: versionOf(about.get("since")), options });
      read(about.get("subcommands"));
    }
  };
  read(await root.call("COMMAND", "DOCS"));
  expect(ages.size).toBeGreaterThan(200);
  return ages;
}

function optionsOf(list: unknown, into: Map<string, number>): void {
  if (!Array.isArray(list)) return;
  for (const item of list) {
    const about = new Map(pairsOf(item));
    const token = about.get("token");
    if (typeof token === "string" && about.has("since"))
      into.set(token.toUpperCase(), versionOf(about.get("since")));
    optionsOf(about.get("arguments"), into);
  }
}

/** A map as version 2 of the protocol has it: name, value, name, value. */
function pairsOf(flat: unknown): [string, unknown][] {
  if (!Array.isArray(flat)) return [];
  return Array.from({ length: flat.length / 2 }, (_, index) => [
    String(flat[2 * index]),
    flat[2 * index + 1],
  ]);
}

function versionOf(text: unknown): number {
  return Number.parseFloat(String(text));
}

/** What is sent to the server from now on, and what scripts call, as `MONITOR` tells it. */
async function monitored(port: number): Promise<() => string> {
  const socket = createConnection({ host: "127.0.0.1", port });
  let text = "";
  socket.setEncoding("latin1").on("data", (chunk: string) => {
    text += chunk;
  });
  socket.on("error", () => undefined).unref();
  socket.write("MONITOR\r\n");
  await vi.waitUntil(() => text.startsWith("+OK"), { timeout: 30_000 });
  return () => text;
}
