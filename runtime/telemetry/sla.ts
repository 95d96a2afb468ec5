import type { Sla } from "../../schema/ir.ts";
import type { Clock } from "../ports.ts";
import { LatencyHistogram } from "./latency-histogram.ts";

/** What an attempt says of the server: it answered, it failed, or neither can be told. */
export type AttemptOutcome = "answered" | "failed" | "unknown";

/** One rolling window against the descriptor's `sla`. Percentages are 0 to 100, times milliseconds. */
export interface SlaWindow {
  readonly minutes: number;
  /** Requests that the server answered or failed to answer. */
  readonly requests: number;
  readonly failed: number;
  /** Undefined while there are no requests. */
  readonly availability: number | undefined;
  /** Of answered requests, from the first byte sent to the end of the answer; up to 9 % too high. */
  readonly latencyP95: number | undefined;
  /** Share of failures over the share that the error budget allows: 1 spends the budget exactly. Infinity where none is allowed. */
  readonly burn: number | undefined;
  /** False where a target is missed; undefined while there are no requests. */
  readonly met: boolean | undefined;
}

/** What is promised and what is measured, for one connector. */
export interface SlaReport {
  readonly connector: string;
  /** Targets of the descriptor. */
  readonly target: {
    readonly availability: number;
    readonly latencyP95?: number;
    readonly errorBudget: number;
  };
  /** Of 5 minutes and of an hour. */
  readonly windows: readonly SlaWindow[];
}

const minuteMs = 60_000;
const longest = 60;
const reported: readonly number[] = [5, longest];

interface Minute {
  number: number;
  requests: number;
  failed: number;
  readonly latency: LatencyHistogram;
}

/** Measures one connector against its `sla`, over all tenants: an hour in minutes, in memory of a fixed size. */
export class SlaMeter {
  readonly connector: string;
  readonly #clock: Clock;
  readonly #sla: Sla;
  readonly #minutes: (Minute | undefined)[] = new Array(longest);

  constructor(connector: string, sla: Sla, clock: Clock) {
    this.connector = connector;
    this.#sla = sla;
    this.#clock = clock;
  }

  record(outcome: AttemptOutcome, ms: number): void {
    if (outcome === "unknown") return;
    const minute = this.#current();
    minute.requests++;
    if (outcome === "failed") minute.failed++;
    else minute.latency.add(ms);
  }

  report(): SlaReport {
    const { availability_percentage, latency_ms_p95 } = this.#sla;
    return {
      connector: this.connector,
      target: {
        availability: availability_percentage,
        ...(latency_ms_p95 === undefined ? {} : { latencyP95: latency_ms_p95 }),
        errorBudget: errorBudget(this.#sla),
      },
      windows: reported.map((minutes) => this.#window(minutes)),
    };
  }

  #current(): Minute {
    const number = this.#minuteNow();
    const at = number % longest;
    const held = this.#minutes[at];
    if (held?.number === number) return held;
    // A minute of an hour ago gives its place and its memory.
    held?.latency.clear();
    const minute = { number, requests: 0, failed: 0, latency: held?.latency ?? new LatencyHistogram() };
    this.#minutes[at] = minute;
    return minute;
  }

  #minuteNow(): number {
    return Math.max(0, Math.floor(this.#clock.now() / minuteMs));
  }

  #window(minutes: number): SlaWindow {
    const first = this.#minuteNow() - minutes + 1;
    const latency = new LatencyHistogram();
    let requests = 0;
    let failed = 0;
    for (const minute of this.#minutes) {
      if (!minute || minute.number < first) continue;
      requests += minute.requests;
      failed += minute.failed;
      latency.merge(minute.latency);
    }
    const latencyP95 = latency.quantile(0.95);
    if (requests === 0)
      return {
        minutes,
        requests,
        failed,
        latencyP95,
        availability: undefined,
        burn: undefined,
        met: undefined,
      };
    const availability = (100 * (requests - failed)) / requests;
    const burn = burnOf((100 * failed) / requests, errorBudget(this.#sla));
    const inTime =
      latencyP95 === undefined || this.#sla.latency_ms_p95 === undefined
        ? true
        : latencyP95 <= this.#sla.latency_ms_p95;
    const met = availability >= this.#sla.availability_percentage && burn <= 1 && inTime;
    return { minutes, requests, failed, availability, latencyP95, burn, met };
  }
}

/** Percent of requests that may fail; without a budget of its own, what the availability leaves. */
function errorBudget({ error_budget_percentage, availability_percentage }: Sla): number {
  // Binary fractions make 100 - 99.9 a little more than 0.1.
  return error_budget_percentage ?? Number((100 - availability_percentage).toFixed(9));
}

function burnOf(errorPercentage: number, budget: number): number {
  return errorPercentage === 0 ? 0 : errorPercentage / budget;
}

const mostConnectors = 1_000;

/** The meters of a runtime, one for each connector that declares an `sla`; of too many, the longest unused goes. */
export class SlaMeters {
  readonly #clock: Clock;
  readonly #meters: Map<string, SlaMeter> = new Map();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The meter of a connector; a new target begins anew. */
  of(connector: string, sla: Sla | undefined): SlaMeter | undefined {
    if (!sla) return undefined;
    const key = JSON.stringify([connector, sla]);
    const meter = this.#meters.get(key) ?? new SlaMeter(connector, sla, this.#clock);
    this.#meters.delete(key);
    this.#meters.set(key, meter);
    const [oldest] = this.#meters.keys();
    if (this.#meters.size > mostConnectors && oldest !== undefined) this.#meters.delete(oldest);
    return meter;
  }

  reports(): SlaReport[] {
    return [...this.#meters.values()].map((meter) => meter.report());
  }
}
