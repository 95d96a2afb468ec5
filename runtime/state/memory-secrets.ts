/** Secrets, leases and their watchers in one process's memory; lives are told by the clock. */
import type { Clock, Lease, StateKey, StoredSecret, TimerHandle } from "../ports.ts";

interface Kept {
  readonly value: Uint8Array;
  readonly fence: number;
  readonly expiresAt: number;
}

interface Holding {
  expiresAt: number;
  timer: TimerHandle;
}

/** Expired secrets are looked for so many at a time, at every write. */
const looksPerWrite = 4;

/** The part of a memory state that credentials use; see `State` for what each method means. */
export class MemorySecrets {
  readonly #clock: Clock;
  readonly #kept = new Map<string, Kept>();
  readonly #leases = new Map<string, Holding>();
  readonly #watchers = new Map<string, Set<() => void>>();
  #looks: Iterator<[string, Kept]> | undefined;
  /** One count for all keys, so that a fence also grows over a deletion. */
  #fence = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get(key: StateKey): StoredSecret | undefined {
    const kept = this.#live(keyText(key));
    return kept === undefined ? undefined : { value: kept.value.slice(), fence: kept.fence };
  }

  compareAndSet(
    key: StateKey,
    fence: number,
    value: Uint8Array | undefined,
    ttlMs: number | undefined,
  ): number | undefined {
    const text = keyText(key);
    if ((this.#live(text)?.fence ?? 0) !== fence) return undefined;
    this.#dropExpired();
    this.#fence++;
    if (value === undefined) this.#kept.delete(text);
    else this.#kept.set(text, { value: value.slice(), fence: this.#fence, expiresAt: this.#end(ttlMs) });
    this.#tell(key);
    return this.#fence;
  }

  lease(key: StateKey, ttlMs: number): Lease | undefined {
    const text = keyText(key);
    const held = this.#leases.get(text);
    if (held !== undefined && held.expiresAt > this.#clock.now()) return undefined;
    held?.timer.cancel();
    const holding: Holding = { expiresAt: this.#end(ttlMs), timer: this.#endTimer(key, ttlMs) };
    this.#leases.set(text, holding);
    return {
      owned: () => this.#owns(text, holding),
      renew: (renewedMs) => {
        if (!this.#owns(text, holding)) return false;
        holding.timer.cancel();
        holding.expiresAt = this.#end(renewedMs);
        holding.timer = this.#endTimer(key, renewedMs);
        return true;
      },
      release: () => {
        if (this.#leases.get(text) === holding) this.#endLease(key, holding);
      },
    };
  }

  /** A watcher hears of the secret and of the lease of one tenant and id, whatever the kind in its key. */
  subscribe(key: StateKey, changed: () => void): () => void {
    const topic = topicText(key);
    // A set of their own functions, so that the same callback may subscribe twice.
    const watcher = (): void => changed();
    const watchers = this.#watchers.get(topic) ?? new Set();
    watchers.add(watcher);
    this.#watchers.set(topic, watchers);
    return () => {
      watchers.delete(watcher);
      if (watchers.size === 0 && this.#watchers.get(topic) === watchers) this.#watchers.delete(topic);
    };
  }

  count(): number {
    for (const key of this.#kept.keys()) this.#live(key);
    return this.#kept.size;
  }

  close(): void {
    for (const holding of this.#leases.values()) holding.timer.cancel();
    this.#leases.clear();
    this.#kept.clear();
    this.#watchers.clear();
  }

  #end(ttlMs: number | undefined): number {
    return ttlMs === undefined ? Number.POSITIVE_INFINITY : this.#clock.now() + ttlMs;
  }

  #live(text: string): Kept | undefined {
    const kept = this.#kept.get(text);
    if (kept === undefined || kept.expiresAt > this.#clock.now()) return kept;
    this.#kept.delete(text);
    return undefined;
  }

  #dropExpired(): void {
    for (let looked = 0; looked < looksPerWrite; looked++) {
      this.#looks ??= this.#kept.entries();
      const next = this.#looks.next();
      if (next.done === true) {
        this.#looks = undefined;
        return;
      }
      this.#live(next.value[0]);
    }
  }

  #owns(text: string, holding: Holding): boolean {
    return this.#leases.get(text) === holding && holding.expiresAt > this.#clock.now();
  }

  /** Whoever waits for a lease whose holder died hears of its end. */
  #endTimer(key: StateKey, ttlMs: number): TimerHandle {
    const text = keyText(key);
    return this.#clock.timer(ttlMs, () => {
      const holding = this.#leases.get(text);
      if (holding === undefined) return;
      const left = holding.expiresAt - this.#clock.now();
      if (left <= 0) this.#endLease(key, holding);
      else holding.timer = this.#endTimer(key, left);
    });
  }

  #endLease(key: StateKey, holding: Holding): void {
    holding.timer.cancel();
    this.#leases.delete(keyText(key));
    this.#tell(key);
  }

  /** Told in a microtask, so that no watcher runs inside the caller's write. */
  #tell(key: StateKey): void {
    const watchers = this.#watchers.get(topicText(key));
    for (const watcher of watchers ?? []) {
      queueMicrotask(() => {
        if (watchers?.has(watcher)) watcher();
      });
    }
  }
}

/** Unambiguous whatever the parts hold. */
function keyText(key: StateKey): string {
  return JSON.stringify([key.tenant, key.kind, key.id]);
}

function topicText(key: StateKey): string {
  return JSON.stringify([key.tenant, key.id]);
}
