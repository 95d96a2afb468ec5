/** The contestants: each makes one call, from the address of a server to the decoded answer. */
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Dispatcher } from "undici";
import { parameters, target, token } from "./work.ts";

/** Makes one call and gives its decoded body, or what holds it under `data`. */
export type Call = () => Promise<unknown>;

/** Sets an engine up; `peers` is the folder in which axios is installed. */
export type Engine = (origin: string, ir: unknown, peers: string) => Promise<Call>;

export const concurrency = 50;

const headers = { authorization: `Bearer ${token}`, accept: "application/json" };

/** `undici`'s documented handler, the chunks collected and parsed at the end: the least that anyone can do. */
async function dispatch(origin: string): Promise<Call> {
  const { Pool } = await import("undici");
  const pool = new Pool(origin, { connections: concurrency });
  return () =>
    new Promise((resolve, reject) =>
      pool.dispatch({ path: target, method: "GET", headers }, new Collector(resolve, reject)),
    );
}

/** The handler of before undici 7, which leaves the headers unread. */
async function oldDispatch(origin: string): Promise<Call> {
  const { Pool } = await import("undici");
  const pool = new Pool(origin, { connections: concurrency });
  return () =>
    new Promise((resolve, reject) =>
      pool.dispatch({ path: target, method: "GET", headers }, new OldCollector(resolve, reject)),
    );
}

/** Classes, since the compiler that runs this file wraps each function that has a name by its place in an object. */
class Chunks {
  readonly #chunks: Buffer[] = [];
  readonly #resolve: (value: unknown) => void;
  readonly #reject: (error: Error) => void;

  constructor(resolve: (value: unknown) => void, reject: (error: Error) => void) {
    this.#resolve = resolve;
    this.#reject = reject;
  }

  protected add(chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  protected parse(): void {
    const [only] = this.#chunks;
    const bytes = this.#chunks.length === 1 && only !== undefined ? only : Buffer.concat(this.#chunks);
    this.#resolve(JSON.parse(bytes.toString()));
  }

  protected fail(error: Error): void {
    this.#reject(error);
  }
}

class Collector extends Chunks implements Dispatcher.DispatchHandler {
  onRequestStart(): void {}
  onResponseStart(): void {}
  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.add(chunk);
  }
  onResponseEnd(): void {
    this.parse();
  }
  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.fail(error);
  }
}

class OldCollector extends Chunks implements Dispatcher.DispatchHandler {
  onConnect(): void {}
  onHeaders(): boolean {
    return true;
  }
  onData(chunk: Buffer): boolean {
    this.add(chunk);
    return true;
  }
  onComplete(): void {
    this.parse();
  }
  onError(error: Error): void {
    this.fail(error);
  }
}

async function request(origin: string): Promise<Call> {
  const undici = await import("undici");
  return async () => {
    const { body } = await undici.request(origin + target, { headers });
    return body.json();
  };
}

/** Node's own: undici is not imported, which would put its dispatcher behind it. */
async function globalFetch(origin: string): Promise<Call> {
  return async () => (await fetch(origin + target, { headers })).json();
}

async function axios(origin: string, _: unknown, peers: string): Promise<Call> {
  const client = createRequire(join(peers, "package.json"))("axios");
  return () => client.get(origin + target, { headers });
}

function ours(schemaCheck: "off" | "warn"): Engine {
  return async (origin, ir) => {
    const { createRuntime }: typeof import("../../runtime/index.ts") = await import(
      join(import.meta.dirname, "../../dist/runtime/index.js")
    );
    const runtime = createRuntime({ network: { allow: [origin.slice("http://".length)] } });
    const connection = runtime.connect(ir, {
      config: { base_url: origin },
      credentials: { token },
      identity: { tenant: "bench", account: "acme", user: "u-17" },
      schemaCheck,
    });
    return () => connection.call("list_issues", parameters);
  };
}

export type EngineName =
  | "undici dispatch"
  | "the same again"
  | "dispatch, old handler"
  | "ours, check off"
  | "ours, check on"
  | "undici request"
  | "fetch"
  | "axios";

export const engines: Readonly<Record<EngineName, Engine>> = {
  "undici dispatch": dispatch,
  "the same again": dispatch,
  "dispatch, old handler": oldDispatch,
  "ours, check off": ours("off"),
  "ours, check on": ours("warn"),
  "undici request": request,
  fetch: globalFetch,
  axios,
};
