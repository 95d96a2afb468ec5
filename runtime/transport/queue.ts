/** A first-in, first-out line whose places are given up in constant time. */
export class Queue<T> {
  readonly #ends: Link<T>;
  #size = 0;
  readonly #left = (): void => {
    this.#size--;
  };

  constructor() {
    this.#ends = new Link<T>(undefined, noop);
  }

  get size(): number {
    return this.#size;
  }

  /** Puts a value at the end. */
  add(value: T): Place {
    this.#size++;
    const link = new Link<T>(value, this.#left);
    link.join(this.#ends);
    return link;
  }

  /** All values in line, first to last; the line must not change meanwhile. */
  *values(): Iterable<T> {
    for (let link = this.#ends.next; link !== this.#ends; link = link.next)
      if (link.value !== undefined) yield link.value;
  }

  /** Takes the first value. */
  take(): T | undefined {
    const first = this.#ends.next;
    if (first === this.#ends) return undefined;
    first.leave();
    return first.value;
  }
}

/** A place in line. */
export interface Place {
  /** Gives it up; answers whether it was still there. */
  leave(): boolean;
}

/** Alone it is a ring of one; in line it tells of its leaving. */
class Link<T> implements Place {
  readonly value: T | undefined;
  readonly #left: () => void;
  previous: Link<T> = this;
  next: Link<T> = this;

  constructor(value: T | undefined, left: () => void) {
    this.value = value;
    this.#left = left;
  }

  /** Takes the last place of the line that `ends` closes to a ring. */
  join(ends: Link<T>): void {
    this.previous = ends.previous;
    this.next = ends;
    ends.previous.next = this;
    ends.previous = this;
  }

  leave(): boolean {
    if (this.next === this) return false;
    this.previous.next = this.next;
    this.next.previous = this.previous;
    // A link that has grown old must not keep the younger ones alive: they would all be promoted after it.
    this.next = this;
    this.previous = this;
    this.#left();
    return true;
  }
}

function noop(): void {}
