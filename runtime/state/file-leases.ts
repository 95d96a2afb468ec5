import type { Clock, Lease, StateKey, TimerHandle } from "../ports.ts";
import { type FileLease, isLive, type LeasesDocument, topicName } from "./file-document.ts";
import type { AssertMine } from "./file-lock.ts";
import type { FileWatch } from "./file-watch.ts";
import type { WholeFile } from "./whole-file.ts";

/** What leases need of their store. */
export interface LeaseFiles {
  readonly leases: WholeFile<LeasesDocument>;
  readonly clock: Clock;
  readonly watch: FileWatch;
  exclusive<T>(work: (assertMine: AssertMine) => Promise<T>): Promise<T>;
}

/** Leases over the processes of a machine, by Unix time. */
export class FileLeases {
  readonly #files: LeaseFiles;
  readonly #timers: Set<TimerHandle> = new Set();

  constructor(files: LeaseFiles) {
    this.#files = files;
  }

  async lease(key: StateKey, ttlMs: number): Promise<Lease | undefined> {
    const { leases, clock, watch, exclusive } = this.#files;
    const name = topicName(key);
    // Who only waits writes nothing, and does not stand in the way of those who do.
    if (isLive((await leases.read()).get(name), clock.wall())) return undefined;
    const owner = globalThis.crypto.randomUUID();
    const taken = await exclusive(async (assertMine) => {
      const held = await leases.read();
      if (isLive(held.get(name), clock.wall())) return false;
      await leases.replace(this.#with(held, name, this.#until(owner, ttlMs)), assertMine);
      watch.leased(key, owner);
      return true;
    });
    if (!taken) return undefined;
    let timer = this.#endTimer(key, owner, ttlMs);
    return {
      owned: async () => this.#owns(await leases.read(), name, owner),
      renew: (renewedMs) =>
        exclusive(async (assertMine) => {
          const held = await leases.read();
          if (!this.#owns(held, name, owner)) return false;
          await leases.replace(this.#with(held, name, this.#until(owner, renewedMs)), assertMine);
          this.#stop(timer);
          timer = this.#endTimer(key, owner, renewedMs);
          return true;
        }),
      release: () =>
        exclusive(async (assertMine) => {
          this.#stop(timer);
          const held = await leases.read();
          if (held.get(name)?.owner === owner)
            await leases.replace(this.#with(held, name, undefined), assertMine);
          watch.leaseEnded(key, owner);
        }),
    };
  }

  close(): void {
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
  }

  #until(owner: string, ttlMs: number): FileLease {
    return { owner, endsAt: this.#files.clock.wall() + ttlMs, ttlMs };
  }

  #owns(held: LeasesDocument, name: string, owner: string): boolean {
    const lease = held.get(name);
    return isLive(lease, this.#files.clock.wall()) && lease.owner === owner;
  }

  /** The leases that still hold, and this one. */
  #with(held: LeasesDocument, name: string, lease: FileLease | undefined): LeasesDocument {
    const wall = this.#files.clock.wall();
    const live = [...held].filter(([other, one]) => other !== name && isLive(one, wall));
    return new Map(lease ? [...live, [name, lease]] : live);
  }

  /** Whoever waits in this process for a lease that nobody released hears of its end. */
  #endTimer(key: StateKey, owner: string, ttlMs: number): TimerHandle {
    const timer = this.#files.clock.timer(ttlMs, () => {
      this.#timers.delete(timer);
      this.#files.watch.leaseEnded(key, owner);
    });
    this.#timers.add(timer);
    return timer;
  }

  #stop(timer: TimerHandle): void {
    timer.cancel();
    this.#timers.delete(timer);
  }
}
