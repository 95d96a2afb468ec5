/** The default state: everything in this process's memory, every answer at once. */
import { LimitTable } from "../pacing/limit-table.ts";
import type {
  Admission,
  Clock,
  Lease,
  LimitObject,
  LimitTrial,
  State,
  StateKey,
  StateReport,
  StoredSecret,
} from "../ports.ts";
import { MemorySecrets } from "./memory-secrets.ts";

/** A state whose answers are never promises. */
export interface MemoryState extends State {
  admit(limits: readonly LimitObject[], cost: number): Admission;
  refund(limits: readonly LimitObject[], cost: number, at?: number): void;
  earliest(limits: readonly LimitObject[], units: number): number;
  trial(limits: readonly LimitObject[], clock: Pick<Clock, "now">): LimitTrial;
  release(limits: readonly LimitObject[]): void;
  feedback(limit: LimitObject, said: Parameters<State["feedback"]>[1]): void;
  getSecret(key: StateKey): StoredSecret | undefined;
  compareAndSet(
    key: StateKey,
    fence: number,
    value: Uint8Array | undefined,
    ttlMs: number | undefined,
  ): number | undefined;
  lease(key: StateKey, ttlMs: number): Lease | undefined;
  inspect(): StateReport;
  close(): void;
}

/** A memory state on the given clock. Its only timers are those of leases; `close` ends them and forgets all. */
export function createMemoryState(options: { readonly clock: Clock }): MemoryState {
  const limits = new LimitTable(options.clock);
  const secrets = new MemorySecrets(options.clock);
  return {
    admit: (all, cost) => limits.admit(all, cost),
    refund: (all, cost, at) => limits.refund(all, cost, at),
    earliest: (all, units) => limits.earliest(all, units),
    trial: (all, clock) => limits.trial(all, clock),
    release: (all) => limits.release(all),
    feedback: (limit, said) => limits.hear(limit, said),
    getSecret: (key) => secrets.get(key),
    compareAndSet: (key, fence, value, ttlMs) => secrets.compareAndSet(key, fence, value, ttlMs),
    lease: (key, ttlMs) => secrets.lease(key, ttlMs),
    subscribe: (key, changed) => secrets.subscribe(key, changed),
    inspect: () => ({ limits: limits.report(), secrets: secrets.count() }),
    close: () => {
      limits.clear();
      secrets.close();
    },
  };
}
