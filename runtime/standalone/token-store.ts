/** What steps gave, in the memory of one client; stands in for the store that runtimes share. */
import { concealExtract } from "../credentials/credentials.ts";
import { marginMs } from "../credentials/life.ts";
import { StepFailures } from "../credentials/step-failures.ts";
import type { StepEntry, StepRequest, StepStore } from "../credentials/step-store.ts";
import type { Clock, StateKey } from "../ports.ts";

const mostEntries = 10_000;

export function createTokenStore(clock: Clock): StepStore {
  return new TokenStore(clock);
}

class TokenStore implements StepStore {
  readonly #clock: Clock;
  readonly #failures: StepFailures;
  readonly #entries: Map<string, StepEntry> = new Map();
  readonly #flights: Map<string, Promise<StepEntry>> = new Map();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#failures = new StepFailures(clock);
  }

  peek({ id }: StateKey): StepEntry | undefined {
    return this.#entries.get(id);
  }

  get({ key, obtain, ahead, insist }: StepRequest): Promise<StepEntry> {
    const { id } = key;
    const entry = this.#entries.get(id);
    const flight = this.#flights.get(id);
    if (flight) return flight;
    if (entry && this.#clock.now() < (ahead ? entry.renewAt : entry.until)) return Promise.resolve(entry);
    const failure = insist ? undefined : this.#failures.standing(id);
    if (failure) return Promise.reject(failure);
    const started = this.#fly(id, obtain).finally(() => this.#flights.delete(id));
    this.#flights.set(id, started);
    return started;
  }

  async drop({ id }: StateKey, refused: StepEntry): Promise<void> {
    if (this.#entries.get(id) === refused) this.#entries.delete(id);
  }

  retryTime({ id }: StateKey): number {
    return this.#failures.retryTime(id);
  }

  inspect(): [] {
    return [];
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#flights.values());
  }

  async #fly(id: string, obtain: StepRequest["obtain"]): Promise<StepEntry> {
    try {
      const { values, lifeMs = Infinity } = await obtain();
      const now = this.#clock.now();
      const entry: StepEntry = {
        values: new Map([...values].map(([name, value]) => [name, concealExtract(name, value)])),
        obtainedAt: now,
        renewAt: lifeMs === Infinity ? lifeMs : now + lifeMs - marginMs(lifeMs),
        until: now + lifeMs,
        fence: 0,
      };
      this.#failures.clear(id);
      this.#entries.delete(id);
      this.#entries.set(id, entry);
      const [oldest] = this.#entries.keys();
      if (this.#entries.size > mostEntries && oldest !== undefined) this.#entries.delete(oldest);
      return entry;
    } catch (thrown) {
      this.#failures.record(id, thrown);
      throw thrown;
    }
  }
}
