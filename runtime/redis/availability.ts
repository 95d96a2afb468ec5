/** Whether Redis answers: one change, one log line, one notice; probes while it does not. */

import type { Clock, Logger, TimerHandle } from "../ports.ts";
import type { OtelMeter } from "../telemetry/otel-types.ts";
import { FleetSize } from "./fleet-size.ts";
import { Patience } from "./patience.ts";

/** How often a process says that it lives. */
const beatMs = 3_000;
/** How often a store that is gone is asked whether it is back: with the time that a connection takes, under a second. */
const probeMs = 150;
const probeLimitMs = 400;

export interface AvailabilityOptions {
  readonly clock: Clock;
  /** Says that this process lives; answers how many do. */
  readonly beat: () => Promise<number>;
  /** How many processes there are taken to be until Redis has said so. */
  readonly processes: number;
  /** How long the word of a process counts that it lives. */
  readonly lifeMs: number;
  readonly logger?: Logger | undefined;
  readonly meter?: OtelMeter | undefined;
  /** The store is gone; so many processes share the limits, as last known. */
  readonly gone: (processes: number) => void;
  /** The store is back. */
  readonly recovered: () => void;
}

export class Availability {
  /** False from the first answer that failed or did not come in time until a probe is answered. */
  up = true;
  /** Changes so far, both ways. */
  changes = 0;
  readonly #options: AvailabilityOptions;
  readonly #size: FleetSize;
  #timer: TimerHandle | undefined;
  #closed = false;
  readonly #patience = new Patience();
  #silentSince: number | undefined;
  #beating = false;
  #unobserve: () => void = () => undefined;

  constructor(options: AvailabilityOptions) {
    this.#options = options;
    this.#size = new FleetSize(options.clock, options.lifeMs, options.processes);
    this.#observe(options.meter);
  }

  /** Processes last known, this one among them. */
  get processes(): number {
    return this.#size.count;
  }

  /** The first beat settles whether Redis is there; it never rejects. */
  start(): Promise<void> {
    return this.#beat();
  }

  /** An answer came after so long: Redis is there. One that comes while it counts as gone is reason to ask at once. */
  answered(tookMs: number): void {
    this.#patience.heard(tookMs, this.#options.clock.now());
    this.#silentSince = undefined;
    if (!this.up && !this.#beating) this.#schedule(0);
  }

  /**
   * A question that was asked at `askedAt` has no answer yet. A server or a machine that is busy answers late; one that
   * says nothing at all for longer than that is gone.
   */
  late(askedAt: number): void {
    this.#silentSince ??= askedAt;
    const now = this.#options.clock.now();
    if (now - this.#silentSince >= this.#patience.limitMs(now, this.processes)) this.lost("timeout");
  }

  /** A command failed or got no answer in time. `reason` is a code, never an address or a value. */
  lost(reason: string): void {
    if (!this.up || this.#closed) return;
    this.up = false;
    this.changes++;
    this.#silentSince = undefined;
    this.#options.gone(this.processes);
    this.#options.logger?.warn(
      { reason, processes: this.processes },
      "The state store is gone: limits are kept by each process alone until it is back.",
    );
    this.#schedule(probeMs);
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
    this.#unobserve();
  }

  async #beat(): Promise<void> {
    const { clock, beat } = this.#options;
    const askedAt = clock.now();
    this.#beating = true;
    try {
      const count = await limited(clock, beat(), probeLimitMs);
      if (this.#closed) return;
      this.#beating = false;
      this.#size.heard(count);
      if (!this.up) this.#back();
      this.answered(clock.now() - askedAt);
    } catch (error) {
      this.#beating = false;
      this.lost(reasonOf(error));
    }
    this.#schedule(this.up ? beatMs : probeMs);
  }

  #back(): void {
    this.up = true;
    this.changes++;
    this.#options.logger?.info({ processes: this.processes }, "The state store is back.");
    this.#options.recovered();
  }

  #schedule(ms: number): void {
    this.#timer?.cancel();
    if (this.#closed) return;
    this.#timer = this.#options.clock.timer(ms, () => void this.#beat());
  }

  #observe(meter: OtelMeter | undefined): void {
    if (meter === undefined) return;
    const gauge = meter.createObservableGauge("connectorc.state.up", {
      description: "1 while the shared state store answers, else 0.",
      unit: "1",
    });
    const read = (result: { observe(value: number): void }): void => result.observe(this.up ? 1 : 0);
    gauge.addCallback(read);
    this.#unobserve = () => gauge.removeCallback(read);
  }
}

/** Rejects with `TimedOut` where no answer comes in time. An answer that lies ready when the time is up still counts: the process may have been busy. */
export function limited<T>(clock: Clock, answer: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    let timer = clock.timer(ms, () => {
      timer = clock.timer(0, () => {
        timer = clock.timer(0, () => reject(new TimedOut()));
      });
    });
    answer.then(resolve, reject).finally(() => timer.cancel());
  });
}

export class TimedOut extends Error {}

/** A word for what went wrong that holds no address and no value: the code of a reply (`READONLY`) or of the system. */
export function reasonOf(error: unknown): string {
  if (error instanceof TimedOut) return "timeout";
  if (!(error instanceof Error)) return "unknown";
  if ("code" in error && typeof error.code === "string") return error.code;
  return /^[A-Z]{3,20}(?= )/.exec(error.message)?.[0] ?? "connection";
}
