/** What keys take in Redis 7.0 on 64 bits, bytes: entry, name, value as it is laid out, by the allocator's classes. */
import { Packed } from "./lua-script.ts";
import type { RedisStore } from "./redis-store.ts";
import { ScoreSet } from "./score-set.ts";

/** An entry of the dictionary, and one of the dictionary of ends. */
const entryBytes = 24;
const objectBytes = 16;
/** A list of one node; a pair takes its 16 bytes and two around them. */
const listBytes = allocated(40) + allocated(32);
const pairBytes = 18;
const packHeaderBytes = 7;
/** Name and score of a member, in a packed list. */
const memberBytes = 36 + 2 + 17 + 2;

export function memoryOf(store: RedisStore): number {
  let sum = 0;
  for (const [key, value, ends] of store.living()) {
    sum += entryBytes + allocated(key.length + 4) + (ends ? entryBytes : 0) + objectBytes;
    // A number stands in the object itself.
    if (typeof value === "string") sum += Number.isNaN(Number(value)) ? allocated(value.length + 4) : 0;
    else if (value instanceof Packed) sum += allocated(8 * value.numbers.length + 4);
    else if (Array.isArray(value)) sum += listBytes + allocated(packHeaderBytes + pairBytes * value.length);
    else if (value instanceof ScoreSet) sum += allocated(packHeaderBytes + memberBytes * value.size);
    else if (value instanceof Map) sum += allocated(packHeaderBytes + memberBytes * value.size);
  }
  return sum;
}

/** The next class of jemalloc: four between two powers of two, by eights below 64. */
function allocated(bytes: number): number {
  if (bytes <= 64) return Math.ceil(bytes / 8) * 8;
  const step = 2 ** (Math.ceil(Math.log2(bytes)) - 3);
  return Math.ceil(bytes / step) * step;
}
