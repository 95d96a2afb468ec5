/** What is simulated. */
import type { Spread } from "./distribution.ts";
import type { ServerCosts } from "./redis-server.ts";

export interface Rule {
  readonly limit: number;
  readonly intervalMs: number;
  readonly burst: number;
}

/** So many callers in each process who ask again at once, or calls that come to the fleet by themselves. */
export type Load =
  | { readonly kind: "callers"; readonly each: number }
  | { readonly kind: "arrivals"; readonly perSecond: number };

/**
 * `slow`: the network takes 50 times as long. `pause`: Redis runs nothing. `outage`: it is stopped, and comes back with
 * its data. `restart`: the same without its data. `flush`: its data goes. `stall`: a tenth of the processes stand still.
 */
export type FaultKind = "slow" | "pause" | "outage" | "restart" | "flush" | "stall";

export interface Fault {
  readonly kind: FaultKind;
  readonly atMs: number;
  readonly forMs: number;
}

export interface Scenario {
  readonly name: string;
  readonly processes: number;
  readonly keys: number;
  /** How unevenly calls fall on keys: 0 evenly, 1 as by Zipf's law. */
  readonly skew: number;
  readonly rule: Rule;
  readonly lease: number;
  readonly load: Load;
  readonly seconds: number;
  /** Cores that all processes and Redis share; undefined: a core for each. */
  readonly cores?: number;
  readonly latency: Spread;
  readonly loss: number;
  /** What one event costs a process. */
  readonly eventCost: Spread;
  /** The way of a start to the upstream. */
  readonly upstream: Spread;
  readonly server: ServerCosts;
  readonly faults: readonly Fault[];
}

/** Faults that come by themselves: so many in a minute, for a time that is drawn. */
export interface FaultRate {
  readonly perMinute: number;
  readonly kinds: readonly FaultKind[];
  readonly lasts: Spread;
}
