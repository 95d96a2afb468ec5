/**
 * A random schedule: processes that share one login, or the tokens of one client, over a state and a network that fail, that are killed and
 * paused, and what must hold all the same. A seed gives the same schedule again.
 */
import type { Connection, State } from "../../../runtime/index.ts";
import {
  createFakeClock,
  createMemoryState,
  type FakeClock,
  type StateBehaviour,
} from "../../../runtime/testing/index.ts";
import type { Connector } from "../../../schema/ir.ts";
import { seeded } from "../seeded.ts";
import { createIdentityProvider, type Fate, type IdentityProvider, type Spend } from "./identity-provider.ts";
import { type Process, startProcess } from "./process.ts";

type Outcome = Awaited<ReturnType<Connection["attempt"]>>;

/** What a schedule did, so that a run of many can say that it met what it looks for. */
export interface Told {
  readonly broken: readonly string[];
  readonly spends: number;
  readonly kills: number;
  readonly pauses: number;
  readonly lost: boolean;
}

/** What the processes share, and what must hold of its token calls. */
export interface Plan {
  readonly ir: Connector;
  readonly credentials: Readonly<Record<string, string>>;
  /** Whether the store fails, too; else it is slow. */
  readonly storeFails: boolean;
  /** What is wrong with the token calls. */
  readonly judge: (spends: readonly Spend[], stops: readonly Stop[]) => readonly string[];
}

/** A process was killed or paused: what it had obtained, it may not have stored. Times are clock.now() milliseconds. */
export interface Stop {
  readonly process: string;
  readonly from: number;
  to: number;
}

export const lifeMs = 60_000;
const steps = 40;
/** Longer than anything in a schedule takes: calls end at 30 s, waits for others too. */
const quietMs = 120_000;

class Schedule {
  readonly #next: () => number;
  readonly #clock: FakeClock = createFakeClock(1_000);
  readonly #state: State;
  readonly #provider: IdentityProvider;
  readonly #plan: Plan;
  readonly #processes: Process[] = [];
  readonly #calls: { readonly ended: () => boolean; readonly name: string }[] = [];
  readonly #broken: string[] = [];
  readonly #stops: Stop[] = [];
  #troubled = true;
  #spoilt = 0;
  #kills = 0;

  constructor(seed: number, plan: Plan) {
    this.#next = seeded(seed);
    this.#plan = plan;
    this.#state = createMemoryState({ clock: this.#clock });
    this.#provider = createIdentityProvider({
      clock: this.#clock,
      lifeMs,
      endsOld: this.#chance(0.5),
      fate: () => this.#fate(),
    });
    for (let at = 0; at < 3; at++) this.#start();
  }

  async run(): Promise<Told> {
    for (let step = 0; step < steps; step++) await this.#step();
    this.#troubled = false;
    for (const process of this.#processes) process.resume();
    await this.#clock.advance(quietMs);
    for (const { ended, name } of this.#calls)
      if (!ended()) this.#broken.push(`a call of ${name} never ends`);
    await this.#everyoneIsServed();
    this.#broken.push(...this.#plan.judge(this.#provider.spends, this.#stops));
    const closed = Promise.all(this.#processes.map(({ runtime }) => runtime.close()));
    await this.#clock.advance(60_000);
    await closed;
    if (this.#clock.pending() > 0) this.#broken.push(`${this.#clock.pending()} timers are left`);
    return {
      broken: this.#broken,
      spends: this.#provider.spends.length,
      kills: this.#kills,
      pauses: this.#stops.length - this.#kills,
      lost: this.#provider.revoked(),
    };
  }

  async #step(): Promise<void> {
    const process = this.#processes[Math.floor(this.#next() * this.#processes.length)];
    if (!process) return;
    const dice = this.#next();
    if (dice < 0.03) this.#kill(process);
    else if (dice < 0.07) this.#pause(process);
    else for (let count = 1 + Math.floor(this.#next() * 3); count > 0; count--) this.#call(process);
    const waits = [0, 30, 300, 2_000, 8_000, 25_000, 58_000];
    await this.#clock.advance((waits[Math.floor(this.#next() * waits.length)] ?? 0) * this.#next());
  }

  #start(): void {
    this.#processes.push(
      startProcess({
        name: `p${this.#processes.length + this.#kills}`,
        clock: this.#clock,
        state: this.#state,
        provider: this.#provider,
        ir: this.#plan.ir,
        credentials: this.#plan.credentials,
        behave: () => this.#behave(),
      }),
    );
  }

  #kill(process: Process): void {
    process.kill();
    this.#kills++;
    this.#stops.push({ process: process.name, from: this.#clock.now(), to: Number.POSITIVE_INFINITY });
    this.#processes.splice(this.#processes.indexOf(process), 1);
    this.#start();
  }

  #pause(process: Process): void {
    process.pause();
    const stop = { process: process.name, from: this.#clock.now(), to: Number.POSITIVE_INFINITY };
    this.#stops.push(stop);
    this.#clock.timer(20_000 * this.#next(), () => {
      process.resume();
      stop.to = this.#clock.now();
    });
  }

  #call(process: Process): void {
    let ended = false;
    const settle = (outcome: Outcome): void => {
      ended = true;
      this.#judge(outcome);
    };
    process.connection.attempt("op").then(settle, (thrown) => {
      this.#broken.push(`a call throws ${String(thrown)}`);
      ended = true;
    });
    this.#calls.push({ name: process.name, ended: () => ended || !process.alive() });
  }

  #judge(outcome: Outcome): void {
    if (outcome.ok) return;
    if (outcome.error.code === "reauthorization_required" && !this.#provider.revoked())
      this.#broken.push(`a login is given up that is not lost: ${outcome.error.message}`);
    if (outcome.error.code === "internal") this.#broken.push(outcome.error.message);
  }

  /** After the troubles each process is served, unless the login is lost: then all say so. */
  async #everyoneIsServed(): Promise<void> {
    for (const { connection, name } of this.#processes) {
      const outcome: { value?: Outcome } = {};
      connection.attempt("op").then((value) => {
        outcome.value = value;
      });
      await this.#clock.advance(40_000);
      const { value } = outcome;
      if (!value) this.#broken.push(`the last call of ${name} never ends`);
      else if (this.#provider.revoked()) {
        if (value.ok || value.error.code !== "reauthorization_required")
          this.#broken.push(`${name} does not say that the login is lost`);
      } else if (!value.ok) this.#broken.push(`${name} is not served: ${value.error.message}`);
    }
    for (const token of this.#provider.stale) this.#broken.push(`${token} was sent after its end`);
  }

  #fate(): Fate {
    if (!this.#troubled) return { kind: "answered", afterMs: 10 };
    const dice = this.#next();
    if (dice < 0.05) return { kind: "unavailable" };
    if (dice < 0.08) return { kind: "unread" };
    if (dice < 0.11) return { kind: "unheard" };
    return { kind: "answered", afterMs: this.#next() < 0.3 ? 9_000 * this.#next() : 100 * this.#next() };
  }

  /** A store that fails three times in a row is down: for that there are other tests. */
  #behave(): StateBehaviour | undefined {
    const answer = this.#troubled ? this.#spoil() : undefined;
    this.#spoilt = answer && answer.kind !== "answer" ? this.#spoilt + 1 : 0;
    // By the clock, which else leaps to the end of the store's time before a turn of the event loop is over.
    return answer ?? { kind: "answer", delayMs: 1 };
  }

  #spoil(): StateBehaviour | undefined {
    const dice = this.#next();
    const { storeFails } = this.#plan;
    if (dice < 0.1) return { kind: "answer", delayMs: (storeFails ? 4_000 : 900) * this.#next() ** 2 };
    if (!storeFails || dice > 0.18 || this.#spoilt >= 2) return undefined;
    if (dice < 0.13) return { kind: "reject" };
    return { kind: dice < 0.16 ? "answer_lost" : "hang" };
  }

  #chance(probability: number): boolean {
    return this.#next() < probability;
  }
}

/** Runs the schedule of a seed to its end. */
export function runSchedule(seed: number, plan: Plan): Promise<Told> {
  return new Schedule(seed, plan).run();
}
