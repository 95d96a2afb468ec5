import { Running } from "./call/running.ts";
import { checkOptions, type KeysOf } from "./check-options.ts";
import { systemClock } from "./clock.ts";
import type { ConnectOptions } from "./connection/connect-options.ts";
import type { Connection } from "./connection/connection.ts";
import { connect } from "./connector.ts";
import type { Core } from "./core.ts";
import { reportInTime } from "./credentials/bounded-state.ts";
import { createGrantStore } from "./credentials/grant-store.ts";
import { createStepStore } from "./credentials/step-store.ts";
import { createKeyring, type SecretsOptions } from "./crypto/keyring.ts";
import { aborted } from "./deadline.ts";
import { createPacer } from "./pacing/pacer.ts";
import type { Awaitable, Clock, Logger, Random, State, StateReport, Transport } from "./ports.ts";
import { systemRandom } from "./random.ts";
import { createRetryBudget, type SpentRetries } from "./retry/budget.ts";
import { type CircuitOptions, type CircuitReport, Circuits, logCircuit } from "./retry/circuit.ts";
import { ServerClocks } from "./server-clocks.ts";
import { isPromise } from "./settled.ts";
import { Signals } from "./signals.ts";
import { createMemoryState } from "./state/memory-state.ts";
import { createTelemetry, type TelemetryOptions } from "./telemetry/channel.ts";
import { SlaMeters, type SlaReport } from "./telemetry/sla.ts";
import type { CallListener } from "./telemetry/telemetry.ts";
import { parseNetworkRules } from "./transport/destination.ts";
import { createTransport, type NetworkOptions } from "./transport/undici-transport.ts";
import { UpstreamPool } from "./upstream/upstream-pool.ts";

/** What a runtime takes from the world; all of it has an embedded default. */
export interface RuntimeOptions {
  readonly state?: State;
  readonly network?: NetworkOptions;
  readonly transport?: Transport;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly secrets?: SecretsOptions;
  /** Hears of the start and end of every call, or makes spans and metrics of them. */
  readonly telemetry?: CallListener | TelemetryOptions;
  /** When an origin that fails is left alone for a while; `false`: never. */
  readonly circuit?: CircuitOptions | false;
  readonly logger?: Logger;
  /** Most bytes of a decoded body; 10 MiB by default. */
  readonly maxResponseBytes?: number;
  /** Most calls that wait for the same limits; 10,000 by default. */
  readonly maxQueue?: number;
}

/** The keys of `RuntimeOptions`. */
export const runtimeKeys: KeysOf<RuntimeOptions> = {
  state: true,
  network: true,
  transport: true,
  clock: true,
  random: true,
  secrets: true,
  telemetry: true,
  circuit: true,
  logger: true,
  maxResponseBytes: true,
  maxQueue: true,
};

/** What goes on in a runtime; holds no secret. */
export interface RuntimeReport {
  readonly running: number;
  readonly limits: StateReport["limits"];
  readonly queues: readonly { readonly id: string; readonly waiting: number }[];
  /** Cached credentials by age and time left, in milliseconds. */
  readonly tokens: readonly { readonly ageMs: number; readonly leftMs: number | undefined }[];
  readonly origins: readonly {
    readonly origin: string;
    readonly running: number;
    readonly waiting: number;
    /** Where it spoke HTTP/2 last. */
    readonly protocol?: "2";
  }[];
  /** Origins whose last requests failed. */
  readonly circuits: readonly CircuitReport[];
  /** Retry budgets that are not full. */
  readonly retries: readonly SpentRetries[];
  /** Of connectors that declare an `sla`: what is measured against it. */
  readonly sla: readonly SlaReport[];
}

/** The embedding service's one object: connections are made from it and share its pools, limits and caches. */
export interface Runtime {
  /** Connects a connector (the IR) for one account. Throws a `ConnectorError` for wrong settings or credentials. */
  connect(ir: unknown, options?: ConnectOptions): Connection;
  /** A promise only where the state is asynchronous. */
  inspect(): Awaitable<RuntimeReport>;
  /** Refuses new calls, lets running ones finish for up to 10 s, then ends them; leaves no socket or timer. */
  close(): Promise<void>;
}

const graceMs = 10_000;
const defaultMaxBytes = 10 * 1024 * 1024;
const maxRatio = 100;

/** Makes a runtime. */
export function createRuntime(options: RuntimeOptions = {}): Runtime {
  checkOptions(options, runtimeKeys, "The argument of `createRuntime`");
  return new EmbeddedRuntime(options);
}

/** The state is asked by the pacer and the stores; the rest of the core does not know it. */
interface EmbeddedCore extends Core {
  readonly state: State;
}

class EmbeddedRuntime implements Runtime {
  readonly #core: EmbeddedCore;
  readonly #options: RuntimeOptions;
  #closing: Promise<void> | undefined;

  constructor(options: RuntimeOptions) {
    this.#options = options;
    this.#core = createCore(options, () => {
      if (this.#closing) throw aborted("The runtime is closed. Make a new one.");
    });
  }

  connect(ir: unknown, options: ConnectOptions = {}): Connection {
    this.#core.assertOpen();
    return connect(this.#core, ir, options);
  }

  inspect(): Awaitable<RuntimeReport> {
    const { clock, state, pacer, steps, transport, running, circuits, budget, sla } = this.#core;
    const report = ({ limits }: StateReport): RuntimeReport => ({
      running: running.size,
      limits,
      queues: pacer.inspect(),
      tokens: steps.inspect(),
      origins: transport.inspect(),
      circuits: circuits.inspect(),
      retries: budget.inspect(),
      sla: sla.reports(),
    });
    const ofState = reportInTime(state, clock);
    return isPromise(ofState) ? ofState.then(report) : report(ofState);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { clock, running, pacer, steps, grants, transport, state, telemetry, upstreams } = this.#core;
    await idle(clock, running, graceMs);
    running.end(aborted("The runtime was closed while the call ran. Make a new one and call again."));
    await upstreams.close();
    pacer.close();
    telemetry.close();
    await Promise.all([steps.close(), grants.close()]);
    // What the host passed in is the host's to close.
    if (!this.#options.transport) await transport.close(0);
    if (!this.#options.state) await state.close();
  }
}

function createCore(options: RuntimeOptions, assertOpen: () => void): EmbeddedCore {
  const clock = options.clock ?? systemClock;
  const random = options.random ?? systemRandom;
  const state = options.state ?? createMemoryState({ clock });
  const keyring = createKeyring(options.secrets, random);
  const { logger } = options;
  const sla = new SlaMeters(clock);
  const circuits = new Circuits(clock, options.circuit, (report) => {
    logCircuit(logger, report);
    telemetry.circuit(report);
  });
  const telemetry = createTelemetry(options.telemetry, clock, {
    circuits: () => circuits.inspect(),
    sla: () => sla.reports(),
  });
  return {
    clock,
    random,
    state,
    keyring,
    logger,
    rules: parseNetworkRules(options.network?.allow ?? []),
    transport:
      options.transport ??
      createTransport({ clock, ...(options.network ? { network: options.network } : {}) }),
    pacer: createPacer({
      state,
      clock,
      ...(options.maxQueue === undefined ? {} : { maxQueue: options.maxQueue }),
    }),
    budget: createRetryBudget(),
    steps: createStepStore({ state, clock, keyring, logger }),
    grants: createGrantStore({ state, clock, keyring, logger }),
    clocks: new ServerClocks(),
    circuits,
    sla,
    telemetry,
    limits: { maxBytes: options.maxResponseBytes ?? defaultMaxBytes, maxRatio },
    running: new Running(clock),
    signals: new Signals(),
    upstreams: new UpstreamPool(clock),
    assertOpen,
  };
}

/** Resolves when nothing runs any more, or after the grace. */
function idle(clock: Clock, running: Running, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.timer(ms, resolve);
    timer.keepAlive?.();
    running.whenIdle(() => {
      timer.cancel();
      resolve();
    });
  });
}
