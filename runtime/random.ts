/** Randomness of the platform, fit for nonces and keys. */
import type { Random } from "./ports.ts";

/** Web Crypto fills at most so many bytes in one call. */
const bytesPerFill = 65_536;

/** Uniform numbers, bytes and UUIDs (version 4) from `globalThis.crypto`. */
export const systemRandom: Random = { next, bytes, uuid: () => globalThis.crypto.randomUUID() };

/** 53 random bits, so that every step of a double in [0, 1) is as likely. */
function next(): number {
  const [high = 0, low = 0] = globalThis.crypto.getRandomValues(new Uint32Array(2));
  return ((high >>> 5) * 2 ** 26 + (low >>> 6)) / 2 ** 53;
}

function bytes(length: number): Uint8Array {
  const out = new Uint8Array(length);
  for (let start = 0; start < length; start += bytesPerFill) {
    globalThis.crypto.getRandomValues(out.subarray(start, start + bytesPerFill));
  }
  return out;
}
