/** Clients of both modes send what the interpreter sends and give what it gives, for connectors of every kind. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { createLoopbackTransport } from "../../../../cli/demo/loopback-transport.ts";
import type { OutputFile } from "../../../../compiler/emit/output.ts";
import { createClientModel } from "../../../../compiler/emit/typescript/client-model.ts";
import { emitTypeScript } from "../../../../compiler/emit/typescript/index.ts";
import { loadCore } from "../../../../compiler/emit/typescript/standalone/core.ts";
import { emitStandalone } from "../../../../compiler/emit/typescript/standalone/index.ts";
import { compile } from "../../../../compiler/index.ts";
import { ConnectorError, createRuntime } from "../../../../runtime/index.ts";
import {
  createFakeClock,
  type FakeClock,
  type Handler,
  type ReceivedRequest,
  startServer,
  type TestServer,
} from "../../../../runtime/testing/index.ts";
import type { Connector } from "../../../../schema/ir.ts";
import {
  exchangesOf,
  noChance,
  type RecordedExchange,
  recordedConnection,
  shipped,
  shippedIr,
} from "../../../descriptors/shipped.ts";
import { loadClient } from "../support/load-client.ts";
import { typeErrors } from "../support/type-check.ts";
import { typeErrorsOfSeven } from "../support/type-check-seven.ts";
import { callerOf } from "./caller.ts";
import { type HeldOutCall, heldOut } from "./held-out.ts";
import { rareHeldOut } from "./held-out-rare.ts";
import { systems } from "./systems.ts";
import { wire } from "./wire.ts";

interface Subject {
  readonly name: string;
  readonly ir: Promise<Connector>;
  readonly connection: object;
  readonly calls: readonly (HeldOutCall & { readonly answer: Handler })[];
}

const subjects: readonly Subject[] = [
  ...shipped.map((name) => ({
    name,
    ir: shippedIr(name),
    connection: recordedConnection(name),
    calls: recordedCalls(name),
  })),
  ...[...heldOut, ...rareHeldOut, ...systems].map(({ name, descriptor, connection, calls, answer }) => ({
    name,
    ir: compiled(descriptor),
    connection,
    calls: calls.map((call) => ({ ...call, answer })),
  })),
];

const core = loadCore();

function standaloneClient(ir: Connector): Promise<readonly OutputFile[]> {
  return emitStandalone(ir, core);
}

describe.each(subjects)("the clients of $name", ({ ir, connection, calls }) => {
  const thin = ir.then(emitTypeScript);
  const standalone = ir.then(standaloneClient);

  it("send what the interpreter sends, and give what it gives", async () => {
    const model = createClientModel(await ir);
    const factories = [[await thin, "runtime"] as const, [await standalone, "standalone"] as const];
    const loaded = await Promise.all(
      // The generated modules' own types are checked above.
      factories.map(
        async ([files, mode]) => [mode, (await loadClient(files))[model.factory] as Factory] as const,
      ),
    );
    for (const call of calls) {
      const method = model.operations.find(({ operation }) => operation.id === call.operation)?.method ?? "";
      const expected = await played(call.answer, byInterpreter(await ir, connection, call));
      expect(expected.requests.length, call.operation).toBeGreaterThan(0);
      for (const [mode, create] of loaded) {
        const found = await played(call.answer, byClient(create, mode, connection, method, call));
        expect(found, `${call.operation}, ${mode}`).toEqual(expected);
      }
    }
  });
});

describe("all of these clients", () => {
  it("compile, their calls too, under the strictest flags of TypeScript 5.9 and 7", async () => {
    const files: OutputFile[] = [];
    for (const [index, { ir, calls }] of subjects.entries()) {
      for (const [at, emit] of [emitTypeScript, standaloneClient].entries()) {
        const client = await emit(await ir);
        for (const { path, text } of client) files.push({ path: `mode${at}/${path}`, text });
        const folder = client[0]?.path.split("/")[0] ?? "";
        files.push({ path: `mode${at}/caller${index}.ts`, text: callerOf(await ir, folder, calls) });
      }
    }
    expect(typeErrors(files)).toEqual([]);
    expect(await typeErrorsOfSeven(files)).toEqual([]);
  });
});

describe("the built package", () => {
  it("writes the same standalone client as the sources do", async () => {
    const folder = await mkdtemp(join(tmpdir(), "standalone-"));
    const root = join(import.meta.dirname, "../../../..");
    try {
      const descriptor = join(root, "descriptors/jira-cloud/connector.yaml");
      const args = ["build", descriptor, "--out", folder, "--mode", "standalone"];
      await promisify(execFile)(process.execPath, [join(root, "dist/cli/connector.cjs"), ...args]);
      for (const { path, text } of await shippedIr("jira-cloud").then(standaloneClient))
        expect((await readFile(join(folder, path), "utf8")) === text, path).toBe(true);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

type Factory = (options: object, runtimeOptions: object) => Client;
type Client = { close(): Promise<void> } & { [method: string]: (...given: unknown[]) => Pending };
type Pending = Promise<unknown> & AsyncIterable<unknown>;
type Run = (server: TestServer, clock: FakeClock) => Promise<unknown>;

async function played(answer: Handler, run: Run): Promise<{ answer: unknown; requests: readonly object[] }> {
  const clock = createFakeClock(1_000);
  const server = await startServer(answer, { clock });
  try {
    const given = await settled(run(server, clock), clock).catch(saidBy);
    return { answer: given instanceof Uint8Array ? [...given] : given, requests: server.requests.map(wire) };
  } finally {
    await server.close();
  }
}

/** What callers go by; a client's words may be fewer. */
function saidBy(thrown: unknown): object {
  if (!ConnectorError.is(thrown)) throw thrown;
  const { code, status, retryable, attempts, connector, operation, requestId, details, cursor } = thrown;
  const { server_message, server_code } = details ?? {};
  return {
    error: {
      code,
      status,
      retryable,
      attempts,
      connector,
      operation,
      requestId,
      server_message,
      server_code,
    },
    leadsOn: cursor !== undefined,
  };
}

/** Waits between attempts pass by themselves. */
async function settled<T>(running: Promise<T>, clock: FakeClock): Promise<T> {
  let over = false;
  const done = running.finally(() => {
    over = true;
  });
  done.catch(() => {});
  while (!over) {
    await new Promise((resolve) => setTimeout(resolve, 2));
    if (!over) await clock.advance(1);
  }
  return done;
}

function byInterpreter(ir: Connector, options: object, call: HeldOutCall): Run {
  return async (server, clock) => {
    const transport = createLoopbackTransport(server.origin, clock);
    const runtime = createRuntime({ clock, transport, random: noChance });
    const connection = runtime.connect(ir, options);
    const { operation, params = {}, idempotencyKey } = call;
    try {
      return call.records
        ? await all(connection.records(operation, { ...params }))
        : (
            await connection.call(
              operation,
              { ...params },
              idempotencyKey === undefined ? {} : { idempotencyKey },
            )
          ).data;
    } finally {
      await runtime.close();
      await transport.close(0);
    }
  };
}

function byClient(
  create: Factory,
  mode: string,
  options: object,
  method: string,
  { params, records, idempotencyKey }: HeldOutCall,
): Run {
  return async (server, clock) => {
    const transport = createLoopbackTransport(server.origin, clock);
    const toLoopback = (url: string, init: RequestInit): Promise<Response> =>
      fetch(url.replace(/^https?:\/\/[^/?]+/, server.origin), init);
    const world = mode === "runtime" ? { transport } : { fetch: toLoopback };
    const client = create(options, { clock, random: noChance, ...world });
    try {
      const call = client[method]?.(params, idempotencyKey === undefined ? {} : { idempotencyKey });
      if (!call) throw new Error(`no method ${method}`);
      return records ? await all(call) : await call;
    } finally {
      await client.close();
      await transport.close(0);
    }
  };
}

async function all(items: AsyncIterable<unknown>): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** Exchanges of one call: files `NAME.1`, `NAME.2` … are its pages; those of steps come first. */
function recordedCalls(connector: string): (HeldOutCall & { readonly answer: Handler })[] {
  const exchanges = [...exchangesOf(connector)];
  const steps = exchanges.flatMap(([, exchange]) => (exchange.step === undefined ? [] : [exchange]));
  const calls = new Map<string, RecordedExchange[]>();
  for (const [file, exchange] of exchanges) {
    if (exchange.operation === undefined) continue;
    const name = file.replace(/\.\d+$/, "");
    calls.set(name, [...(calls.get(name) ?? []), exchange]);
  }
  return [...calls.values()].flatMap((pages) => {
    const [first] = pages;
    if (first?.operation === undefined) return [];
    const replies = [...steps, ...pages];
    const { operation, params = {}, records } = first;
    return [
      {
        operation,
        params,
        ...(records === undefined ? {} : { records: true as const }),
        answer: ({ number }: ReceivedRequest) => {
          const { status, headers, body, text } = replies[number - 1]?.response ?? {
            status: 500,
            headers: {},
          };
          if (text !== undefined) return { status, headers, text };
          return body === undefined ? { status, headers } : { status, headers, json: body };
        },
      },
    ];
  });
}

async function compiled(descriptor: string): Promise<Connector> {
  const { ir, diagnostics } = await compile(descriptor);
  if (!ir || diagnostics.length > 0) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return ir;
}
