import { checkOptions, type KeysOf } from "../check-options.ts";
import { ConnectorError } from "../errors.ts";
import type { Clock, Logger } from "../ports.ts";
import type { AttemptOutcome } from "../telemetry/sla.ts";

/** When an origin counts as down. Times are milliseconds. */
export interface CircuitOptions {
  /** Failures in a row, of all tenants, after which the circuit opens; 20 by default. */
  readonly failures?: number;
  /** How long that run must have lasted at least, so that a blink of a busy server opens nothing; 1,000 by default. */
  readonly runMs?: number;
  /** Before the first probe; doubled after each that fails. 1,000 by default. */
  readonly coolDownMs?: number;
  /** Most that the doubling comes to; 60,000 by default. */
  readonly maxCoolDownMs?: number;
}

const circuitKeys: KeysOf<CircuitOptions> = {
  failures: true,
  runMs: true,
  coolDownMs: true,
  maxCoolDownMs: true,
};

export type CircuitState = "closed" | "open" | "half_open";

/** One origin whose last requests failed. */
export interface CircuitReport {
  readonly origin: string;
  readonly state: CircuitState;
  /** Failures in a row. */
  readonly failures: number;
  /** Of an open one: Unix time in milliseconds from which a probe goes. */
  readonly retryAt?: number;
}

/** How the last request failed: the refusals of an open circuit say the same. */
export type FailureKind = "upstream_error" | "network_error";

interface Run {
  failures: number;
  /** clock.now() of the first and the last failure. */
  readonly since: number;
  last: number;
  kind: FailureKind;
  coolDownMs: number;
  /** clock.now() from which a probe may go; undefined while closed. */
  openUntil: number | undefined;
  /** clock.now() at which the probe went. */
  probing: number | undefined;
}

/** A probe whose end nobody told gives its place after this. */
const longestProbeMs = 60_000;
const mostOrigins = 10_000;

/**
 * Whether the origins of a runtime are up. Only those that fail are remembered, so that healthy ones cost a look at
 * the size of an empty map.
 */
export class Circuits {
  readonly #clock: Clock;
  readonly #options: Required<CircuitOptions> | undefined;
  readonly #runs: Map<string, Run> = new Map();
  readonly #changed: (report: CircuitReport) => void;

  /** `changed` hears of circuits that open and close. */
  constructor(
    clock: Clock,
    options: CircuitOptions | false | undefined,
    changed: (report: CircuitReport) => void,
  ) {
    this.#clock = clock;
    this.#options = options === false ? undefined : readOptions(options ?? {});
    this.#changed = changed;
  }

  /** Throws where the origin is down and it is too early for a probe. */
  check(origin: string): void {
    if (this.#runs.size === 0) return;
    const run = this.#runs.get(origin);
    if (run?.openUntil !== undefined && !this.#mayProbe(run)) throw this.#refusal(origin, run);
  }

  /** Right before a request goes; throws as `check` does. True where it is the probe of an open circuit. */
  enter(origin: string): boolean {
    if (this.#runs.size === 0) return false;
    this.check(origin);
    const run = this.#runs.get(origin);
    if (run?.openUntil === undefined) return false;
    run.probing = this.#clock.now();
    return true;
  }

  /** Unix time in milliseconds until which requests to this origin are refused; undefined where they are not. */
  refusedUntil(origin: string): number | undefined {
    const run = this.#runs.get(origin);
    return run?.openUntil !== undefined && !this.#mayProbe(run) ? this.#retryAt(run) : undefined;
  }

  /** What a request that went said of the server. `probe`: what `enter` answered. */
  learn(origin: string, outcome: AttemptOutcome, kind: FailureKind, probe: boolean): void {
    if (outcome === "failed") this.#failed(origin, kind, probe);
    else if (this.#runs.size > 0) this.#ended(origin, outcome, probe);
  }

  inspect(): CircuitReport[] {
    return [...this.#runs].map(([origin, run]) => this.#report(origin, run));
  }

  #ended(origin: string, outcome: AttemptOutcome, probe: boolean): void {
    const run = this.#runs.get(origin);
    if (!run) return;
    if (probe) run.probing = undefined;
    if (outcome !== "answered") return;
    this.#runs.delete(origin);
    if (run.openUntil !== undefined) this.#changed({ origin, state: "closed", failures: 0 });
  }

  #failed(origin: string, kind: FailureKind, probe: boolean): void {
    const options = this.#options;
    if (!options) return;
    const now = this.#clock.now();
    const run = this.#current(origin, now, options) ?? this.#begin(origin, kind, now, options.coolDownMs);
    run.failures++;
    run.last = now;
    run.kind = kind;
    if (probe) run.probing = undefined;
    if (run.openUntil === undefined) {
      if (run.failures < options.failures || now - run.since < options.runMs) return;
    } else {
      // What was under way when the circuit opened says nothing new.
      if (!probe) return;
      run.coolDownMs = Math.min(options.maxCoolDownMs, run.coolDownMs * 2);
    }
    run.openUntil = now + run.coolDownMs;
    this.#changed(this.#report(origin, run));
  }

  /** The run that this failure goes on with: after a long silence there is none. */
  #current(origin: string, now: number, { maxCoolDownMs }: Required<CircuitOptions>): Run | undefined {
    const run = this.#runs.get(origin);
    if (!run || run.openUntil !== undefined || now - run.last <= maxCoolDownMs) return run;
    this.#runs.delete(origin);
    return undefined;
  }

  #begin(origin: string, kind: FailureKind, now: number, coolDownMs: number): Run {
    const run: Run = {
      failures: 0,
      since: now,
      last: now,
      kind,
      coolDownMs,
      openUntil: undefined,
      probing: undefined,
    };
    this.#runs.set(origin, run);
    const [oldest] = this.#runs.keys();
    if (this.#runs.size > mostOrigins && oldest !== undefined) this.#runs.delete(oldest);
    return run;
  }

  #mayProbe({ openUntil = 0, probing }: Run): boolean {
    const now = this.#clock.now();
    if (now < openUntil) return false;
    return probing === undefined || now - probing >= longestProbeMs;
  }

  #report(origin: string, run: Run): CircuitReport {
    const { failures, openUntil } = run;
    if (openUntil === undefined) return { origin, state: "closed", failures };
    if (this.#clock.now() >= openUntil) return { origin, state: "half_open", failures };
    return { origin, state: "open", failures, retryAt: this.#retryAt(run) };
  }

  /** Unix time; while a probe is out, the end of the wait that its failure would begin. */
  #retryAt({ openUntil = 0, probing, coolDownMs }: Run): number {
    const now = this.#clock.now();
    const left = probing === undefined ? openUntil - now : coolDownMs;
    return Math.ceil(this.#clock.wall() + Math.max(0, left));
  }

  #refusal(origin: string, run: Run): ConnectorError {
    const { failures, kind } = run;
    return new ConnectorError({
      code: kind,
      phase: "request",
      retryable: true,
      message: `${origin} failed ${failures} times in a row, so nothing is sent to it for now. Try again after \`retryAt\`; if it goes on, ask who runs the server.`,
      retryAt: this.#retryAt(run),
      details: { circuit: "open", origin, failures },
    });
  }
}

/** What calls ask of circuits. */
export type SharedCircuits = Pick<Circuits, "check" | "enter" | "learn" | "refusedUntil" | "inspect">;

/** The circuits that a connection goes by: those of the runtime, or none. Throws `configuration`. */
export function circuitsFor(clock: Clock, shared: SharedCircuits, wanted: unknown): SharedCircuits {
  if (wanted === undefined || wanted === true) return shared;
  if (wanted === false) return new Circuits(clock, false, () => {});
  throw new ConnectorError({
    code: "configuration",
    phase: "configuration",
    message:
      "`circuit` of a connection must be true or false. When an origin counts as down is said once for all connections: as `circuit` of the runtime.",
    details: { key: "circuit" },
  });
}

function readOptions(options: CircuitOptions): Required<CircuitOptions> {
  checkOptions(options, circuitKeys, "`circuit`");
  const read = { failures: 20, runMs: 1_000, coolDownMs: 1_000, maxCoolDownMs: 60_000, ...options };
  for (const [name, value] of Object.entries(read)) {
    const least = name === "runMs" ? 0 : 1;
    if (typeof value === "number" && value >= least) continue;
    throw new ConnectorError({
      code: "configuration",
      phase: "configuration",
      message: `\`circuit.${name}\` must be a number, ${least} or more. Leave it out for the default.`,
      details: { key: name },
    });
  }
  return read;
}

/** Tells the log of a circuit that opens or closes. */
export function logCircuit(
  logger: Logger | undefined,
  { origin, state, failures, retryAt }: CircuitReport,
): void {
  if (state === "closed") logger?.info({ origin, circuit: state }, `${origin} answers again.`);
  else
    logger?.warn(
      { origin, circuit: state, failures, retryAt },
      `${origin} failed ${failures} times in a row; requests to it are refused until a probe succeeds.`,
    );
}
