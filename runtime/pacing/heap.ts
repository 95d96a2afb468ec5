/** A binary heap whose items know their place, so that any of them can be taken out in O(log n). */

export interface HeapItem {
  /** Written by the heap alone; -1 outside any. An item is in one heap at a time. */
  heapIndex: number;
}

export class Heap<T extends HeapItem> {
  readonly #items: T[] = [];
  readonly #before: (a: T, b: T) => boolean;

  constructor(before: (a: T, b: T) => boolean) {
    this.#before = before;
  }

  get size(): number {
    return this.#items.length;
  }

  /** The item that comes before all others. */
  peek(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    item.heapIndex = this.#items.push(item) - 1;
    this.#up(item);
  }

  pop(): T | undefined {
    const first = this.#items[0];
    if (first !== undefined) this.remove(first);
    return first;
  }

  remove(item: T): void {
    const index = item.heapIndex;
    const last = this.#items.pop();
    item.heapIndex = -1;
    if (last === undefined || last === item) return;
    this.#set(index, last);
    this.#up(last);
    this.#down(last);
  }

  /** All items, in no order. */
  [Symbol.iterator](): Iterator<T> {
    return this.#items[Symbol.iterator]();
  }

  has(item: T): boolean {
    return this.#items[item.heapIndex] === item;
  }

  #set(index: number, item: T): void {
    this.#items[index] = item;
    item.heapIndex = index;
  }

  #up(item: T): void {
    while (item.heapIndex > 0) {
      const parentIndex = (item.heapIndex - 1) >> 1;
      const parent = this.#items[parentIndex];
      if (parent === undefined || !this.#before(item, parent)) return;
      this.#swap(item, parent);
    }
  }

  #down(item: T): void {
    for (;;) {
      const left = this.#items[item.heapIndex * 2 + 1];
      const right = this.#items[item.heapIndex * 2 + 2];
      const child = left !== undefined && right !== undefined && this.#before(right, left) ? right : left;
      if (child === undefined || !this.#before(child, item)) return;
      this.#swap(child, item);
    }
  }

  #swap(a: T, b: T): void {
    const index = a.heapIndex;
    this.#set(b.heapIndex, a);
    this.#set(index, b);
  }
}
