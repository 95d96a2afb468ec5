/**
 * The starts of one rolling window, oldest first: pairs of time and units in a ring that grows as needed. Where every
 * stamp is kept, a pair holds the units started at one instant. In slots, a pair takes what starts within `slotMs`
 * of its first start and carries the time of its last: it leaves the window late, never early.
 */
export class StartWindow {
  /** Units in the ring, including those that have left the window and are not yet dropped. */
  used = 0;
  #ring: number[] = [];
  #head = 0;
  #size = 0;
  /** First start of the newest pair. */
  #opened = Number.NEGATIVE_INFINITY;

  get empty(): boolean {
    return this.#size === 0;
  }

  /** Adds units at `time`, which is no earlier than any before. */
  add(time: number, units: number, slotMs: number): void {
    this.used += units;
    if (this.#size > 0) {
      const newest = this.#place(this.#size - 1);
      if (time === this.#ring[newest] || time - this.#opened < slotMs) {
        this.#ring[newest] = time;
        this.#ring[newest + 1] = (this.#ring[newest + 1] ?? 0) + units;
        return;
      }
    }
    if (this.#size * 2 === this.#ring.length) this.#grow();
    const place = this.#place(this.#size);
    this.#ring[place] = time;
    this.#ring[place + 1] = units;
    this.#size++;
    this.#opened = time;
  }

  /** Forgets what started at `until` or before. */
  dropUntil(until: number): void {
    while (this.#size > 0 && this.#time(0) <= until) {
      this.used -= this.#units(0);
      this.#dropOldest();
    }
  }

  /** The start after whose leaving at least `units` are free; the newest where they are not that many. */
  timeOf(units: number): number {
    let freed = 0;
    for (let index = 0; index < this.#size; index++) {
      freed += this.#units(index);
      if (freed >= units) return this.#time(index);
    }
    return this.#size === 0 ? Number.NEGATIVE_INFINITY : this.#time(this.#size - 1);
  }

  /** Takes back units that started at `at` (the oldest where no time is given); false where they have left. */
  takeBack(units: number, at: number | undefined): boolean {
    const index = at === undefined ? 0 : this.#find(at);
    if (index < 0 || index >= this.#size) return false;
    let left = units;
    for (let place = index; left > 0 && place < this.#size; place++) {
      const taken = Math.min(left, this.#units(place));
      this.#ring[this.#place(place) + 1] = this.#units(place) - taken;
      this.used -= taken;
      left -= taken;
      if (at !== undefined) break;
    }
    this.#dropEmptyEnds();
    return true;
  }

  /** Calls back with every pair after `at`, newest first. */
  eachAfter(at: number, visit: (time: number, units: number) => void): void {
    for (let index = this.#size - 1; index >= 0 && this.#time(index) > at; index--) {
      visit(this.#time(index), this.#units(index));
    }
  }

  /** The oldest pair that ends at `at` or later. */
  #find(at: number): number {
    let index = this.#size;
    while (index > 0 && this.#time(index - 1) >= at) index--;
    return index < this.#size ? index : -1;
  }

  #dropEmptyEnds(): void {
    while (this.#size > 0 && this.#units(0) === 0) this.#dropOldest();
    while (this.#size > 0 && this.#units(this.#size - 1) === 0) {
      this.#size--;
      this.#opened = Number.NEGATIVE_INFINITY;
    }
  }

  #dropOldest(): void {
    this.#head = this.#place(1);
    this.#size--;
  }

  /** A comparison, as a division would be most of an admission's cost. */
  #place(index: number): number {
    const place = this.#head + index * 2;
    return place < this.#ring.length ? place : place - this.#ring.length;
  }

  #time(index: number): number {
    return this.#ring[this.#place(index)] ?? Number.NEGATIVE_INFINITY;
  }

  #units(index: number): number {
    return this.#ring[this.#place(index) + 1] ?? 0;
  }

  /** Doubles while small, then by a quarter, so that little of it stands empty. Filled with a fraction: V8 keeps bare doubles. */
  #grow(): void {
    const pairs = this.#size < 8 ? Math.max(2, this.#size * 2) : this.#size + (this.#size >> 2);
    const next = new Array<number>(pairs * 2).fill(0.5);
    for (let index = 0; index < this.#size; index++) {
      next[index * 2] = this.#time(index);
      next[index * 2 + 1] = this.#units(index);
    }
    this.#ring = next;
    this.#head = 0;
  }
}
