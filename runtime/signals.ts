/**
 * Listens to abort signals, with one listener a signal however many wait on it: hosts hand one signal to hundreds of
 * calls, and the platform warns of a leak from the eleventh listener on.
 */
export class Signals {
  readonly #told: WeakMap<AbortSignal, Set<() => void>> = new WeakMap();

  /** Calls `tell` when the signal aborts; the function given back unsubscribes. */
  onAbort(signal: AbortSignal, tell: () => void): () => void {
    const waiting = this.#told.get(signal) ?? this.#listen(signal);
    // Wrapped, so that one function given twice is told twice.
    const entry = (): void => tell();
    waiting.add(entry);
    return () => waiting.delete(entry);
  }

  /** The listener stays as long as the signal: it holds nothing but an empty set once all have left. */
  #listen(signal: AbortSignal): Set<() => void> {
    const waiting = new Set<() => void>();
    this.#told.set(signal, waiting);
    signal.addEventListener(
      "abort",
      () => {
        // The set itself, not a copy: who leaves meanwhile is not told.
        for (const tell of waiting) tell();
        waiting.clear();
      },
      { once: true },
    );
    return waiting;
  }
}
