import { whileRunning } from "./while-running.ts";

/** Lets one call at a time run under each key; others wait in their order. */
export class Turns {
  readonly #last = new Map<string, Promise<void>>();

  /** Rejects with `aborted` where the signal fires before the turn has come. */
  async run<T>(key: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key) ?? Promise.resolve();
    let leave = (): void => {};
    const left = new Promise<void>((resolve) => {
      leave = resolve;
    });
    // Who gives up waiting leaves at once, but those behind still wait for those before.
    const mine = before.then(() => left);
    this.#last.set(key, mine);
    try {
      await whileRunning(before, signal);
      return await work();
    } finally {
      leave();
      void mine.then(() => {
        if (this.#last.get(key) === mine) this.#last.delete(key);
      });
    }
  }
}
