/** Writes over HTTP/2 against a server that refuses, breaks off and shuts down by chance, and that knows what it has done. */
import { compile } from "../../compiler/index.ts";
import { createRuntime } from "../../runtime/index.ts";
import type { Connector } from "../../schema/ir.ts";
import * as h2 from "../support/http2/frames.ts";
import {
  type RawHandlers,
  type RawRequest,
  type RawServer,
  type RawWire,
  startRawServer,
} from "../support/http2/raw-server.ts";
import { seeded } from "../support/seeded.ts";

const yaml = `
metadata: { name: Writes, slug: writes, description: Writes marks., publisher: Tests }
base_url: "{base_url}"
connection_config: [{ key: base_url, label: API }]
authentication: [{ type: none, profile_id: open }]
operations:
  - operation_id: write
    summary: Writes
    endpoint: /writes
    method: POST
    auth_type_ref: open
    retry: { initial_ms: 1, max_ms: 3 }
    parameters: [{ name: mark, location: body }]
`;

export interface WritesReport {
  /** Broken promises. */
  readonly broken: readonly string[];
  readonly fine: number;
  /** Writes that the server refused at first and did later. */
  readonly mended: number;
  /** Requests that met a fault. */
  readonly faulted: number;
}

/** What the server did with the writes of one seed, by their mark. */
interface Ledger {
  readonly done: Map<string, number>;
  readonly refused: Set<string>;
  faulted: number;
  next: () => number;
}

/** Makes so many writes for each seed, 6 at a time. */
export async function runWrites(seeds: Iterable<number>, writes: number): Promise<WritesReport> {
  const ledger: Ledger = { done: new Map(), refused: new Set(), faulted: 0, next: Math.random };
  const server = await startRawServer(careless(ledger));
  const { ir, diagnostics } = await compile(yaml);
  if (!ir) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  const sum = { broken: [] as string[], fine: 0, mended: 0 };
  for (const seed of seeds) {
    Object.assign(ledger, { done: new Map(), refused: new Set(), next: seeded(seed) });
    const fine = await writeAll(ir, server, writes, ledger.next);
    sum.fine += fine.size;
    for (const [mark, count] of ledger.done)
      if (count > 1) sum.broken.push(`seed ${seed}: ${mark} was done ${count} times`);
    for (const mark of fine) {
      if (!ledger.done.has(mark)) sum.broken.push(`seed ${seed}: ${mark} was said to be done`);
      else if (ledger.refused.has(mark)) sum.mended++;
    }
    await closed(server, (what) => sum.broken.push(`seed ${seed}: ${what}`));
  }
  await server.close();
  return { ...sum, faulted: ledger.faulted };
}

/** The marks of the writes that were said to be done. */
async function writeAll(
  ir: Connector,
  server: RawServer,
  writes: number,
  next: () => number,
): Promise<Set<string>> {
  const runtime = createRuntime({ network: { allow: ["127.0.0.1"], ca: server.ca }, circuit: false });
  const connection = runtime.connect(ir, { config: { base_url: server.origin } });
  const fine = new Set<string>();
  let count = 0;
  const writer = async (): Promise<void> => {
    while (count < writes) {
      const mark = `write-${count++}`;
      const stop = new AbortController();
      const calling = connection.attempt("write", { mark }, { signal: stop.signal });
      if (next() < 0.1) setImmediate(() => stop.abort());
      if ((await calling).ok) fine.add(mark);
    }
  };
  await Promise.all(Array.from({ length: 6 }, writer));
  await runtime.close();
  return fine;
}

const codes = [
  h2.code.noError,
  h2.code.cancel,
  h2.code.internalError,
  h2.code.protocolError,
  h2.code.enhanceYourCalm,
];

/** Does half of the writes and answers; what it says of the others is true, as far as it says anything. */
function careless(ledger: Ledger): RawHandlers {
  const wires = new WeakMap<RawWire, { done: number; last: number }>();
  const stateOf = (wire: RawWire): { done: number; last: number } => {
    const state = wires.get(wire) ?? { done: 0, last: Number.POSITIVE_INFINITY };
    wires.set(wire, state);
    return state;
  };
  const one = <T>(list: readonly T[]): T | undefined => list[Math.floor(ledger.next() * list.length)];
  const done = ({ wire, stream }: RawRequest, mark: string): void => {
    const state = stateOf(wire);
    state.done = Math.max(state.done, stream);
    ledger.done.set(mark, (ledger.done.get(mark) ?? 0) + 1);
  };
  /** Streams up to `last` are looked at, and all that were done. */
  const goaway = (wire: RawWire, last: number, code: number): void => {
    const state = stateOf(wire);
    state.last = Math.min(state.last, Math.max(last, state.done));
    wire.goaway(state.last, code);
  };

  const refusals: readonly Fault[] = [
    ({ wire, stream }) => wire.rst(stream, h2.code.refusedStream),
    ({ wire, stream }) => goaway(wire, stream - 2, one(codes) ?? 0),
  ];
  const afterwards: readonly Fault[] = [
    ({ wire, stream }) => {
      goaway(wire, stream, h2.code.noError);
      wire.answer(stream, "{}");
    },
    ({ wire, stream }) => goaway(wire, stream, h2.code.internalError),
    ({ wire, stream }) => wire.rst(stream, one(codes) ?? 0),
    ({ wire, stream }) => {
      wire.head(stream, 200);
      wire.data(stream, "{");
      wire.rst(stream, one([h2.code.noError, h2.code.refusedStream]) ?? 0);
    },
    ({ wire }) => {
      stateOf(wire).last = 0; // nobody hears of what comes after it
      wire.socket.destroy();
    },
    ({ wire, stream }) => {
      wire.send(h2.settings({ 3: 1 + Math.floor(ledger.next() * 20) }));
      wire.answer(stream, "{}");
    },
  ];
  return {
    whole: (request, body) => {
      const { wire, stream } = request;
      const { mark } = JSON.parse(body.toString());
      const { done: highest, last } = stateOf(wire);
      if (stream > last) {
        ledger.refused.add(mark); // the GOAWAY has said so
        return;
      }
      const chance = ledger.next();
      if (chance < 0.4) ledger.faulted++;
      // A stream below one that was done cannot be refused by a GOAWAY.
      if (chance < 0.2 && stream > highest) {
        ledger.refused.add(mark);
        one(refusals)?.(request);
        return;
      }
      done(request, mark);
      if (chance < 0.4) one(afterwards)?.(request);
      else wire.answer(stream, "{}");
    },
  };
}

type Fault = (request: RawRequest) => void;

/** Sockets of the client are gone at once; that the server hears of it takes real time. */
async function closed(server: RawServer, complain: (what: string) => void): Promise<void> {
  const end = performance.now() + 20_000;
  while (server.open > 0 && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 1));
  if (server.open > 0) complain(`${server.open} sockets are left after close`);
}
