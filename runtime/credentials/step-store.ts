import type { Keyring } from "../crypto/keyring.ts";
import { aborted } from "../deadline.ts";
import { createEndingClock, type EndingClock } from "../ending-clock.ts";
import type { Awaitable, Clock, Lease, Logger, State, StateKey } from "../ports.ts";
import type { Values } from "../request/scope.ts";
import { reveal } from "../secrets/secret.ts";
import { isPromise } from "../settled.ts";
import { inTime } from "./bounded-state.ts";
import { concealExtract } from "./credentials.ts";
import { leaseMs } from "./held-lease.ts";
import { marginMs } from "./life.ts";
import { StepFailures } from "./step-failures.ts";

/** What a step gave, and how long it is good for. Times are clock.now() milliseconds. */
export interface StepEntry {
  readonly values: Values;
  readonly obtainedAt: number;
  readonly renewAt: number;
  readonly until: number;
  /** Of the stored copy; 0 where there is none. */
  readonly fence: number;
}

/** A fresh answer of a step. */
export interface Obtained {
  readonly values: Values;
  readonly lifeMs: number | undefined;
}

export interface StepRequest {
  readonly key: StateKey;
  /** Makes the call. Runs at most once at a time for a key, over all callers and processes that share the state. */
  readonly obtain: () => Promise<Obtained>;
  /** A value past its renewal time is not good enough: renew it ahead of its end. */
  readonly ahead?: boolean;
  /** Do not wait out an earlier failure. */
  readonly insist?: boolean;
}

/** The cache of step values that all connections of a runtime share: entries, flights, failures. */
export interface StepStore {
  /** The value at hand, if it is good. */
  peek(key: StateKey): StepEntry | undefined;
  get(request: StepRequest): Promise<StepEntry>;
  /** Forgets a value that was refused, unless another has taken its place. */
  drop(key: StateKey, refused: StepEntry): Promise<void>;
  /** When a failed renewal may be tried again, clock.now() milliseconds. */
  retryTime(key: StateKey): number;
  inspect(): readonly { readonly ageMs: number; readonly leftMs: number | undefined }[];
  /** Begins nothing more; settles once what was begun is stored, so that the host may close its store then. */
  close(): Promise<void>;
}

const pollMs = 250;
/** How long other processes that make the same call are waited for: a second token is better than none. */
const longestWaitMs = 30_000;
const mostEntries = 50_000;

export function createStepStore(options: {
  readonly state: State;
  readonly clock: Clock;
  readonly keyring: Keyring;
  readonly logger: Logger | undefined;
}): StepStore {
  return new SharedStepStore(options);
}

class SharedStepStore implements StepStore {
  readonly #state: State;
  readonly #clock: EndingClock;
  readonly #keyring: Keyring;
  readonly #logger: Logger | undefined;
  readonly #failures: StepFailures;
  readonly #entries: Map<string, StepEntry> = new Map();
  readonly #flights: Map<string, Promise<StepEntry>> = new Map();
  #closed = false;

  constructor(options: {
    readonly state: State;
    readonly clock: Clock;
    readonly keyring: Keyring;
    readonly logger: Logger | undefined;
  }) {
    this.#state = options.state;
    this.#clock = createEndingClock(options.clock);
    this.#keyring = options.keyring;
    this.#logger = options.logger;
    this.#failures = new StepFailures(options.clock);
  }

  peek(key: StateKey): StepEntry | undefined {
    const entry = this.#entries.get(nameOf(key));
    return entry && this.#clock.now() < entry.until ? entry : undefined;
  }

  get(request: StepRequest): Promise<StepEntry> {
    const name = nameOf(request.key);
    const flight = this.#flights.get(name);
    if (flight) return flight;
    const entry = this.#entries.get(name);
    if (entry && this.#isGood(entry, request)) return Promise.resolve(entry);
    const failure = request.insist ? undefined : this.#failures.standing(name);
    if (failure) return Promise.reject(failure);
    if (this.#closed) return Promise.reject(aborted("The runtime was closed."));
    const started = this.#fly(request, name).finally(() => this.#flights.delete(name));
    this.#flights.set(name, started);
    return started;
  }

  async drop(key: StateKey, refused: StepEntry): Promise<void> {
    const name = nameOf(key);
    if (this.#entries.get(name) === refused) this.#entries.delete(name);
    if (refused.fence > 0)
      await this.#tolerate(() => this.#state.compareAndSet(key, refused.fence, undefined, undefined));
  }

  retryTime(key: StateKey): number {
    return this.#failures.retryTime(nameOf(key));
  }

  inspect(): readonly { readonly ageMs: number; readonly leftMs: number | undefined }[] {
    const now = this.#clock.now();
    return [...this.#entries.values()].map((entry) => ({
      ageMs: Math.round(now - entry.obtainedAt),
      leftMs: Number.isFinite(entry.until) ? Math.round(entry.until - now) : undefined,
    }));
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#flights.values());
    this.#clock.end();
  }

  #isGood(entry: StepEntry, request: StepRequest): boolean {
    return this.#clock.now() < (request.ahead ? entry.renewAt : entry.until);
  }

  async #fly(request: StepRequest, name: string): Promise<StepEntry> {
    try {
      const entry = (await this.#stored(request)) ?? (await this.#underLease(request));
      this.#failures.clear(name);
      this.#remember(name, entry);
      return entry;
    } catch (thrown) {
      this.#failures.record(name, thrown);
      throw thrown;
    }
  }

  /** Takes the lease and makes the call, or takes over what another process that held it has made. */
  async #underLease(request: StepRequest): Promise<StepEntry> {
    const leaseKey: StateKey = { ...request.key, kind: "lease" };
    const patience = this.#clock.now() + longestWaitMs;
    for (;;) {
      let reachable = true;
      const lease = await this.#tolerate(
        () => this.#state.lease(leaseKey, leaseMs),
        () => {
          reachable = false;
        },
      );
      // Without a reachable store this process goes on alone.
      if (lease || !reachable || this.#clock.now() >= patience) return this.#obtain(request, lease);
      await this.#changed(request.key);
      if (this.#closed) throw aborted("The runtime was closed.");
      const stored = await this.#stored(request);
      if (stored) return stored;
    }
  }

  async #obtain(request: StepRequest, lease: Lease | undefined): Promise<StepEntry> {
    const stopRenewing = lease ? this.#keep(lease) : undefined;
    try {
      // Whoever held the lease before may have stored a value meanwhile.
      const stored = await this.#stored(request);
      if (stored) return stored;
      return await this.#store(request.key, await request.obtain());
    } finally {
      stopRenewing?.();
      if (lease) await this.#tolerate(() => lease.release());
    }
  }

  /** Renews the lease while the call runs; a holder that dies costs others at most its rest. */
  #keep(lease: Lease): () => void {
    let timer = this.#clock.timer(leaseMs / 3, renew.bind(this));
    function renew(this: SharedStepStore): void {
      void this.#tolerate(() => lease.renew(leaseMs));
      timer = this.#clock.timer(leaseMs / 3, renew.bind(this));
    }
    return () => timer.cancel();
  }

  /** Resolves when the stored value changed or the lease ended, or after a moment, whichever is first. */
  #changed(key: StateKey): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        timer.cancel();
        unsubscribe();
        resolve();
      };
      const timer = this.#clock.timer(pollMs, done);
      const unsubscribe = this.#state.subscribe(key, done);
    });
  }

  async #stored(request: StepRequest): Promise<StepEntry | undefined> {
    const secret = await this.#tolerate(() => this.#state.getSecret(request.key));
    if (!secret) return undefined;
    const text = this.#keyring.open(secret.value, nameOf(request.key));
    const entry = text === undefined ? undefined : parseRecord(text, secret.fence, this.#clock);
    return entry && this.#isGood(entry, request) ? entry : undefined;
  }

  async #store(key: StateKey, { values, lifeMs }: Obtained): Promise<StepEntry> {
    const now = this.#clock.now();
    const until = lifeMs === undefined ? Number.POSITIVE_INFINITY : now + lifeMs;
    const renewAt = lifeMs === undefined ? until : until - marginMs(lifeMs);
    const sealed = this.#keyring.seal(formatRecord(values, lifeMs, this.#clock.wall()), nameOf(key));
    const fence = await this.#put(key, sealed, lifeMs);
    return {
      values: new Map([...values].map(([name, value]) => [name, concealExtract(name, value)])),
      obtainedAt: now,
      renewAt,
      until,
      fence: fence ?? 0,
    };
  }

  /** The fence of what was stored. What was refused meanwhile leaves its place empty; what another process put there stays. */
  async #put(key: StateKey, sealed: Uint8Array, lifeMs: number | undefined): Promise<number | undefined> {
    let reachable = true;
    const ask = <T>(work: () => Awaitable<T>): Promise<T | undefined> =>
      this.#tolerate(work, () => {
        reachable = false;
      });
    const before = await ask(() => this.#state.getSecret(key));
    const fence = await ask(() => this.#state.compareAndSet(key, before?.fence ?? 0, sealed, lifeMs));
    if (fence !== undefined || !reachable) return fence;
    const instead = await ask(() => this.#state.getSecret(key));
    if (instead || !reachable) return undefined;
    return ask(() => this.#state.compareAndSet(key, 0, sealed, lifeMs));
  }

  #remember(name: string, entry: StepEntry): void {
    this.#entries.delete(name);
    this.#entries.set(name, entry);
    if (this.#entries.size <= mostEntries) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }

  /** The shared store is a help, not a condition: its failure or silence is logged and the call goes on. */
  async #tolerate<T>(ask: () => Awaitable<T>, failed?: () => void): Promise<T | undefined> {
    try {
      const answer = ask();
      return isPromise(answer) ? await inTime(this.#clock, answer) : answer;
    } catch (thrown) {
      this.#logger?.warn(
        // What a store throws may quote its address and password: its code alone is shown.
        { error: codeOf(thrown) },
        "The state store does not answer; credentials are kept in this process alone.",
      );
      failed?.();
      return undefined;
    }
  }
}

function codeOf(thrown: unknown): string {
  const code: unknown =
    typeof thrown === "object" && thrown !== null ? Reflect.get(thrown, "code") : undefined;
  return typeof code === "string" && /^\w{1,40}$/.test(code) ? code : "unknown";
}

function nameOf(key: StateKey): string {
  return `${key.tenant}\n${key.id}`;
}

/** Times in a record are Unix times: other processes have other monotonic clocks. */
function formatRecord(values: Values, lifeMs: number | undefined, wall: number): string {
  const plain = [...values].map(([name, value]) => [name, reveal(value)]);
  return JSON.stringify({ values: plain, at: wall, life: lifeMs ?? null });
}

function parseRecord(text: string, fence: number, clock: Clock): StepEntry | undefined {
  // The record was sealed by this program: its shape is ours once it opens.
  const { values, at, life } = JSON.parse(text) as {
    values: [string, unknown][];
    at: number;
    life: number | null;
  };
  const obtainedAt = clock.now() - Math.max(0, clock.wall() - at);
  const until = life === null ? Number.POSITIVE_INFINITY : obtainedAt + life;
  return {
    values: new Map(values.map(([name, value]) => [name, concealExtract(name, value)])),
    obtainedAt,
    until,
    renewAt: life === null ? until : until - marginMs(life),
    fence,
  };
}
