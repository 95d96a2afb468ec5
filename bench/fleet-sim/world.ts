/** A simulated world: one time for all, and what happens in it in order. Milliseconds throughout. */
import { seeded } from "../../test/support/seeded.ts";

interface Happening {
  readonly at: number;
  readonly sequence: number;
  /** Undefined once it is cancelled. */
  fire: (() => void) | undefined;
}

export class World {
  /** Uniform in [0, 1), from the seed. */
  readonly random: () => number;
  now = 0;
  #sequence = 0;
  readonly #heap: Happening[] = [];

  constructor(seed: number) {
    this.random = seeded(seed);
  }

  /** Makes something happen; the answer cancels it. */
  at(time: number, fire: () => void): () => void {
    const happening: Happening = { at: Math.max(this.now, time), sequence: this.#sequence++, fire };
    push(this.#heap, happening);
    return () => {
      happening.fire = undefined;
    };
  }

  /** Goes on until `end`. Promises settle after each moment, before time goes on. */
  async run(end: number): Promise<void> {
    await settle();
    for (let next = this.#heap[0]; next !== undefined && next.at <= end; next = this.#heap[0]) {
      const moment = next.at;
      this.now = moment;
      for (; next !== undefined && next.at === moment; next = this.#heap[0]) {
        pop(this.#heap);
        next.fire?.();
      }
      await settle();
    }
    this.now = end;
  }
}

/** One turn of the event loop: every reaction of a promise that can run has run. */
function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function before(a: Happening, b: Happening): boolean {
  return a.at < b.at || (a.at === b.at && a.sequence < b.sequence);
}

function push(heap: Happening[], item: Happening): void {
  let index = heap.push(item) - 1;
  while (index > 0) {
    const above = (index - 1) >> 1;
    const parent = heap[above];
    if (parent === undefined || !before(item, parent)) break;
    heap[index] = parent;
    index = above;
  }
  heap[index] = item;
}

function pop(heap: Happening[]): void {
  const item = heap.pop();
  if (item === undefined || heap.length === 0) return;
  let index = 0;
  for (;;) {
    let below = 2 * index + 1;
    let child = heap[below];
    const right = heap[below + 1];
    if (child !== undefined && right !== undefined && before(right, child)) {
      child = right;
      below++;
    }
    if (child === undefined || !before(child, item)) break;
    heap[index] = child;
    index = below;
  }
  heap[index] = item;
}
