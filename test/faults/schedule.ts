import { createRuntime } from "../../runtime/index.ts";
import * as bench from "../../runtime/testing/index.ts";
import { seeded } from "../support/seeded.ts";
import { createSceneClock, driven, type SceneClock } from "./clock.ts";
import { call, type Ending } from "./ending.ts";
import { type Method, methods, profiles } from "./fault.ts";
import { faultApi, operationOf } from "./fault-api.ts";
import { arrivalViolations, errorViolations } from "./invariants.ts";
import { canaries, credentials, deadlineMs, echo, good, mostBytes, parameters } from "./scene.ts";

/** What a schedule is made of. */
export interface ScheduleOptions {
  readonly calls: number;
  readonly methods?: readonly Method[];
}

export interface ScheduleReport {
  /** Broken promises, each with the call that broke it. */
  readonly broken: readonly string[];
  readonly calls: number;
  readonly requests: number;
  /** Requests that met a fault. */
  readonly faulted: number;
  /** Calls that ended well. */
  readonly fine: number;
}

interface Dish {
  readonly reply: (request: bench.ReceivedRequest) => bench.Reply;
  /** Only the end of a time limit goes on from here. */
  readonly stalls?: boolean;
}

const menu: readonly Dish[] = [
  { reply: bench.resetBeforeHeaders },
  { reply: bench.closeBeforeHeaders },
  { reply: bench.resetMidHeaders },
  { reply: () => bench.resetMidBody() },
  { reply: () => bench.truncatedChunked() },
  { reply: () => bench.truncatedClose() },
  { reply: () => bench.wrongContentLength(99) },
  { reply: () => bench.wrongContentLength(3) },
  { reply: bench.garbage },
  { reply: bench.corruptGzip },
  { reply: bench.truncatedGzip },
  { reply: () => bench.gzipBomb(1) },
  { reply: () => bench.hugeHeaders(80) },
  { reply: () => bench.slowDrip(20) },
  { reply: () => bench.slowDrip(3_000) },
  { reply: bench.silence, stalls: true },
  { reply: bench.stallAfterHeaders, stalls: true },
  { reply: () => bench.rateLimited() },
  { reply: () => bench.rateLimited(3) },
  { reply: () => bench.rateLimited("never") },
  { reply: (request) => bench.status(401, { message: echo(request) }) },
  { reply: () => bench.status(403, { error: "invalid_grant" }) },
  { reply: () => bench.status(408) },
  { reply: (request) => bench.status(500, { message: echo(request) }) },
  { reply: () => bench.status(503, {}, { "retry-after": "3" }) },
  { reply: () => bench.redirect("/x?elsewhere") },
  { reply: () => bench.redirect("https://elsewhere.example/") },
  { reply: (request) => bench.json({ ok: false, message: echo(request) }) },
  { reply: (request) => bench.text(`<html>${echo(request)}`) },
  { reply: () => ({ ...good, headers: { connection: "close" } }) },
];

const refusals: ReadonlySet<number | undefined> = new Set([401, 429]);

/** A server that answers by chance: half of the answers are good. */
function kitchen(next: () => number): {
  readonly handler: bench.Handler;
  readonly refused: Set<number>;
  readonly seen: { faulted: number };
  /** Connections on which nothing more comes: a refresh may wait on one longer than the call that began it. */
  readonly mute: ReadonlySet<unknown>;
} {
  const refused = new Set<number>();
  const seen = { faulted: 0 };
  const mute = new Set<unknown>();
  const muted = ({ raw }: bench.Reply): bench.Reply =>
    bench.raw((wire) => {
      mute.add(wire.socket);
      wire.socket.once("close", () => mute.delete(wire.socket));
      raw?.(wire);
    });
  const handler: bench.Handler = (request) => {
    const { number, path } = request;
    const dish = next() < (path === "/x" ? 0.4 : 0.7) ? undefined : menu[Math.floor(next() * menu.length)];
    if (dish === undefined) return good;
    seen.faulted++;
    const reply = dish.reply(request);
    if (refusals.has(reply.status)) refused.add(number);
    return dish.stalls ? muted(reply) : reply;
  };
  return { handler, refused, seen, mute };
}

/** Makes calls one after another against that server; the same seed makes the same choices. */
export async function runSchedule(seed: number, options: ScheduleOptions): Promise<ScheduleReport> {
  const next = seeded(seed);
  const clock = createSceneClock();
  const { handler, refused, seen, mute } = kitchen(next);
  const server = await bench.startServer(handler, { clock });
  const { state, hung } = stateOf(next, clock);
  const texts: unknown[] = [];
  const log = (fields: object, message: string): void => void texts.push(fields, message);
  const runtime = createRuntime({
    clock,
    state,
    random: { ...systemBytes, next },
    maxResponseBytes: mostBytes,
    network: { allow: [server.host], connectTimeoutMs: 5_000 },
    logger: { debug: log, info: log, warn: log, error: log },
  });
  const { origin } = server;
  const connection = runtime.connect(await faultApi(), {
    profiles: credentials,
    config: { base_url: origin, first_url: origin, token_url: origin },
  });
  const broken: string[] = [];
  let fine = 0;
  for (let n = 0; n < options.calls; n++) {
    const method = pick(next, options.methods ?? methods);
    const profile = pick(next, profiles);
    const mark = `call-${n}`;
    const before = clock.now();
    const stop = new AbortController();
    const patience = next() < 0.1 ? Math.floor(next() * 12) : Number.POSITIVE_INFINITY;
    let turns = 0;
    const asked = call(
      connection,
      operationOf(method, profile),
      { ...parameters, mark },
      { timeoutMs: deadlineMs, signal: stop.signal },
    );
    const ending: Ending = await driven(clock, asked, () => {
      // What it takes from here on is nothing: time that passed at once would count as the call's.
      if (turns++ === patience) {
        stop.abort();
        return "nothing";
      }
      return mute.size > 0 || (hung() ? "state" : false);
    });
    if (ending.ok) fine++;
    else texts.push(ending.error.message, ending.error.details);
    const took = clock.now() - before;
    const arrived = server.requests.filter(({ headers }) => headers["x-mark"] === mark);
    const wrong = [
      ...errorViolations(ending),
      ...arrivalViolations(arrived, method === "POST with key", refused),
      ...(took > deadlineMs + 250 ? [`settled after ${took} ms`] : []),
    ];
    broken.push(...wrong.map((what) => `${mark}, ${method}, ${profile}: ${what}`));
    if (next() < 0.1) await clock.advance(next() * 60_000);
  }
  await driven(clock, runtime.close(), () => true);
  await state.close();
  const end = performance.now() + 20_000;
  while (server.open > 0 && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 1));
  if (server.open > 0) broken.push(`${server.open} sockets are left after close`);
  await server.close();
  if (clock.pending() > 0) broken.push(`${clock.pending()} timers are left after close`);
  const said = JSON.stringify(texts);
  for (const canary of canaries) if (said.includes(canary)) broken.push(`shows ${canary}`);
  return { broken, calls: options.calls, requests: server.requests.length, faulted: seen.faulted, fine };
}

const systemBytes = {
  bytes: (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length)),
  uuid: (): string => crypto.randomUUID(),
};

/** In every third schedule the store fails now and then. */
function stateOf(
  next: () => number,
  clock: SceneClock,
): { readonly state: bench.FailingState | bench.MemoryState; readonly hung: () => boolean } {
  const memory = bench.createMemoryState({ clock });
  if (next() > 1 / 3) return { state: memory, hung: () => false };
  const state = bench.createFailingState(memory, {
    clock,
    behave: () => {
      const chance = next();
      if (chance > 0.3) return undefined;
      if (chance > 0.2) return { kind: "reject" };
      return { kind: chance > 0.1 ? "answer_lost" : "hang" };
    },
  });
  return { state, hung: () => true };
}

function pick<T>(next: () => number, list: readonly T[]): T {
  const one = list[Math.floor(next() * list.length)];
  if (one === undefined) throw new Error("nothing to choose from");
  return one;
}

/** Runs schedules of these seeds; answers the reports' sum, and the broken promises with their seeds. */
export async function runSchedules(
  seeds: Iterable<number>,
  options: ScheduleOptions,
  each: (report: ScheduleReport, seed: number) => void = () => {},
): Promise<ScheduleReport> {
  const broken: string[] = [];
  const sum = { calls: 0, requests: 0, faulted: 0, fine: 0 };
  for (const seed of seeds) {
    const report = await runSchedule(seed, options);
    broken.push(...report.broken.map((what) => `FAULT_SEED=${seed}: ${what}`));
    sum.calls += report.calls;
    sum.requests += report.requests;
    sum.faulted += report.faulted;
    sum.fine += report.fine;
    each(report, seed);
  }
  return { broken, ...sum };
}
