/** 64 bits of a text, as two unsigned halves (the mixing of cyrb53, with both halves kept). */
function hash64(text: string): readonly [number, number] {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return [high >>> 0, low >>> 0];
}

/** A set of texts, held as 64-bit hashes in flat arrays: 16 bytes a text at most, whatever its length. */
export class Seen {
  #table: Uint32Array = new Uint32Array(2 * 64);
  #size = 0;

  /** Adds a text; false where it was there. */
  add(text: string): boolean {
    const [high, low] = hash64(text);
    // Two zeros mark a free place.
    const added = this.#insert(high, low === 0 && high === 0 ? 1 : low);
    if (added && ++this.#size * 2 > this.#table.length / 2) this.#grow();
    return added;
  }

  #insert(high: number, low: number): boolean {
    const places = this.#table.length / 2;
    for (let place = low % places; ; place = (place + 1) % places) {
      const heldHigh = this.#table[2 * place];
      const heldLow = this.#table[2 * place + 1];
      if (heldHigh === high && heldLow === low) return false;
      if (heldHigh === 0 && heldLow === 0) {
        this.#table[2 * place] = high;
        this.#table[2 * place + 1] = low;
        return true;
      }
    }
  }

  #grow(): void {
    const old = this.#table;
    this.#table = new Uint32Array(old.length * 2);
    for (let at = 0; at < old.length; at += 2) {
      const high = old[at] ?? 0;
      const low = old[at + 1] ?? 0;
      if (high !== 0 || low !== 0) this.#insert(high, low);
    }
  }
}
