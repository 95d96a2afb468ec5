/** The MCP servers that the connections of one runtime call: sessions and processes, one set for each account. */
import type { Clock } from "../ports.ts";
import type { KeptUpstream, KeptUpstreams } from "./upstream.ts";

/** What nobody called for so long is ended, in milliseconds; whoever still holds it opens it anew. */
const idleMs = 300_000;

interface Use {
  readonly key: string;
  /** clock.now() milliseconds. */
  lastAt: number;
  /** When the calls that it knows of are over at the latest. */
  busyUntil: number;
}

/**
 * Connections of one account share what one of them has opened, so that whoever connects for every call opens one
 * session and starts one process. What is idle is ended when the next one connects: without connections nothing grows.
 */
export class UpstreamPool implements KeptUpstreams {
  readonly #clock: Clock;
  readonly #byKey = new Map<string, KeptUpstream>();
  /** The longest unused first. */
  readonly #used = new Map<KeptUpstream, Use>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#used.size;
  }

  of(
    key: string,
    make: (used: (upstream: KeptUpstream, until: number) => void) => KeptUpstream,
  ): KeptUpstream {
    this.#sweep();
    const known = this.#byKey.get(key);
    if (known) {
      this.#use(key, known, 0);
      return known;
    }
    const made = make((upstream, until) => this.#use(key, upstream, until));
    this.#byKey.set(key, made);
    this.#use(key, made, 0);
    return made;
  }

  async close(): Promise<void> {
    const all = [...this.#used.keys()];
    this.#used.clear();
    this.#byKey.clear();
    await Promise.all(all.map((upstream) => upstream.close()));
  }

  #use(key: string, upstream: KeptUpstream, until: number): void {
    const known = this.#used.get(upstream);
    this.#used.delete(upstream);
    this.#used.set(upstream, {
      key,
      lastAt: this.#clock.now(),
      busyUntil: Math.max(known?.busyUntil ?? 0, until),
    });
  }

  #sweep(): void {
    const now = this.#clock.now();
    for (const [upstream, { key, lastAt, busyUntil }] of this.#used) {
      if (now - lastAt < idleMs) return;
      if (now < busyUntil) continue;
      this.#used.delete(upstream);
      if (this.#byKey.get(key) === upstream) this.#byKey.delete(key);
      void upstream.rest();
    }
  }
}
