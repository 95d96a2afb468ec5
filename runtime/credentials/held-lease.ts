import type { Clock, Lease } from "../ports.ts";

/** Who waits for a holder that was killed takes over within 10 s: after the lease, and a look at it. */
export const leaseMs = 9_300;

/** A lease that is prolonged while its work goes on. A holder that dies costs others at most its rest. */
export class HeldLease {
  readonly #lease: Lease;
  readonly #clock: Clock;
  readonly #ttlMs: number;
  #timer: { cancel(): void } | undefined;
  #lost = false;

  constructor(lease: Lease, clock: Clock, ttlMs: number) {
    this.#lease = lease;
    this.#clock = clock;
    this.#ttlMs = ttlMs;
  }

  /** Asks whether it is still ours, and prolongs it from here on until it is given back. */
  async keep(): Promise<boolean> {
    if (!(await this.#lease.renew(this.#ttlMs))) return false;
    this.#prolongLater();
    return true;
  }

  /** Somebody else may have it by now. */
  isLost(): boolean {
    return this.#lost;
  }

  async release(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    // One that cannot be given back ends by itself.
    await Promise.resolve(this.#lease.release()).catch(() => undefined);
  }

  #prolongLater(): void {
    this.#timer = this.#clock.timer(this.#ttlMs / 4, () => {
      this.#prolongLater();
      void this.#prolong();
    });
  }

  async #prolong(): Promise<void> {
    // A store that does not answer is asked again: the lease may well be there still.
    const renewed = await Promise.resolve(this.#lease.renew(this.#ttlMs)).catch(() => undefined);
    if (renewed !== false) return;
    this.#lost = true;
    this.#timer?.cancel();
  }
}
