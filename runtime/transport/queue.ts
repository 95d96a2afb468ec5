/** A first-in, first-out line whose places are given up in constant time. */
export class Queue<T> {
  readonly #ends: Link<T>;
  #size = 0;

  constructor() {
    const ends = {} as Link<T>; // a ring of one: its links follow at once, and its value is never read
    ends.next = ends;
    ends.previous = ends;
    this.#ends = ends;
  }

  get size(): number {
    return this.#size;
  }

  /** Puts a value at the end; the function takes it out again, and answers whether it was still there. */
  add(value: T): () => boolean {
    const last = this.#ends.previous;
    const link: Link<T> = { value, previous: last, next: this.#ends, inLine: true };
    last.next = link;
    this.#ends.previous = link;
    this.#size++;
    return () => this.#remove(link);
  }

  /** All values in line, first to last; the line must not change meanwhile. */
  *values(): Iterable<T> {
    for (let link = this.#ends.next; link !== this.#ends; link = link.next) yield link.value;
  }

  /** Takes the first value. */
  take(): T | undefined {
    const first = this.#ends.next;
    if (first === this.#ends) return undefined;
    const { value } = first;
    this.#remove(first);
    return value;
  }

  #remove(link: Link<T>): boolean {
    if (!link.inLine) return false;
    link.inLine = false;
    link.previous.next = link.next;
    link.next.previous = link.previous;
    this.#size--;
    // A link that has grown old must not keep the younger ones alive: they would all be promoted after it.
    link.next = link;
    link.previous = link;
    return true;
  }
}

interface Link<T> {
  value: T;
  previous: Link<T>;
  next: Link<T>;
  inLine: boolean;
}
