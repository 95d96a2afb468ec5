/**
 * Digests in plain JavaScript: templates and signatures need them at once, and Web Crypto answers with promises. Stands
 * in for `crypto/hash.ts` in a standalone client.
 */
import { sha512 } from "./sha512.ts";

/** Digests that templates may name. */
export type HashName = "md5" | "sha1" | "sha256" | "sha512";

export function hash(name: HashName, value: string | Uint8Array): Uint8Array {
  const bytes = bytesOf(value);
  switch (name) {
    case "md5":
      return md5(bytes);
    case "sha1":
      return sha1(bytes);
    case "sha256":
      return sha256(bytes);
    case "sha512":
      return sha512(bytes);
  }
}

/** RFC 2104. */
export function hmac(
  name: "sha1" | "sha256" | "sha512",
  key: string | Uint8Array,
  value: string | Uint8Array,
): Uint8Array {
  const size = name === "sha512" ? 128 : 64;
  const given = bytesOf(key);
  const padded = new Uint8Array(size);
  padded.set(given.length > size ? hash(name, given) : given);
  const keyed = (mask: number, rest: Uint8Array): Uint8Array => {
    const whole = new Uint8Array(size + rest.length);
    whole.set(padded.map((byte) => byte ^ mask));
    whole.set(rest, size);
    return hash(name, whole);
  };
  return keyed(0x5c, keyed(0x36, bytesOf(value)));
}

/** Digests of HTTP Digest authentication (RFC 7616, section 6.1). */
export function hashText(name: "md5" | "sha256" | "sha512-256", value: string | Uint8Array): Uint8Array {
  return name === "sha512-256" ? sha512(bytesOf(value), name) : hash(name, value);
}

function bytesOf(value: string | Uint8Array): Uint8Array {
  return typeof value === "string" ? new TextEncoder().encode(value) : value;
}

/** A message in blocks of sixteen 32-bit words, padded with its length in bits (FIPS 180-4, section 5.1.1). */
function blocksOf(bytes: Uint8Array, littleEndian: boolean): Uint32Array[] {
  const padded = new Uint8Array(((bytes.length + 72) >> 6) << 6);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  const bits = bytes.length * 8;
  const [low, high] = littleEndian ? [8, 4] : [4, 8];
  view.setUint32(padded.length - low, bits >>> 0, littleEndian);
  view.setUint32(padded.length - high, Math.floor(bits / 2 ** 32), littleEndian);
  const blocks: Uint32Array[] = [];
  for (let at = 0; at < padded.length; at += 64)
    blocks.push(Uint32Array.from({ length: 16 }, (_, word) => view.getUint32(at + 4 * word, littleEndian)));
  return blocks;
}

function digestOf(state: Uint32Array, littleEndian: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * state.length));
  state.forEach((word, at) => {
    view.setUint32(4 * at, word, littleEndian);
  });
  return new Uint8Array(view.buffer);
}

function left(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

function right(word: number, by: number): number {
  return left(word, 32 - by);
}

/** RFC 1321, section 3.4. */
function md5(bytes: Uint8Array): Uint8Array {
  const state = Uint32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  const turns = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
  for (const block of blocksOf(bytes, true)) {
    let [a = 0, b = 0, c = 0, d = 0] = state;
    for (let at = 0; at < 64; at++) {
      const round = at >> 4;
      const mixed = [(b & c) | (~b & d), (d & b) | (~d & c), b ^ c ^ d, c ^ (b | ~d)][round] ?? 0;
      const word = block[[at, 5 * at + 1, 3 * at + 5, 7 * at].map((index) => index & 15)[round] ?? 0] ?? 0;
      const sum = a + mixed + word + Math.floor(Math.abs(Math.sin(at + 1)) * 2 ** 32);
      [a, d, c, b] = [d, c, b, b + left(sum | 0, turns[4 * round + (at & 3)] ?? 0)];
      b |= 0;
    }
    add(state, [a, b, c, d]);
  }
  return digestOf(state, true);
}

/** FIPS 180-4, section 6.1. */
function sha1(bytes: Uint8Array): Uint8Array {
  const state = Uint32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);
  const schedule = new Uint32Array(80);
  for (const block of blocksOf(bytes, false)) {
    schedule.set(block);
    for (let at = 16; at < 80; at++)
      schedule[at] = left(
        word(schedule, at - 3) ^ word(schedule, at - 8) ^ word(schedule, at - 14) ^ word(schedule, at - 16),
        1,
      );
    let [a = 0, b = 0, c = 0, d = 0, e = 0] = state;
    for (let at = 0; at < 80; at++) {
      const [mixed, constant] =
        at < 20
          ? [(b & c) | (~b & d), 0x5a827999]
          : at < 40
            ? [b ^ c ^ d, 0x6ed9eba1]
            : at < 60
              ? [(b & c) | (b & d) | (c & d), 0x8f1bbcdc]
              : [b ^ c ^ d, 0xca62c1d6];
      const next = (left(a, 5) + mixed + e + constant + word(schedule, at)) | 0;
      [e, d, c, b, a] = [d, c, left(b, 30), a, next];
    }
    add(state, [a, b, c, d, e]);
  }
  return digestOf(state, false);
}

/** The first 32 bits of what follows the point in the roots of the first primes (FIPS 180-4, sections 4.2.2 and 5.3.3). */
function rootBits(count: number, root: (prime: number) => number): Uint32Array {
  const primes: number[] = [];
  for (let candidate = 2; primes.length < count; candidate++)
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate);
  return Uint32Array.from(primes, (prime) => (root(prime) % 1) * 2 ** 32);
}

/** FIPS 180-4, section 6.2. */
function sha256(bytes: Uint8Array): Uint8Array {
  const state = rootBits(8, Math.sqrt);
  const constants = rootBits(64, Math.cbrt);
  const schedule = new Uint32Array(64);
  for (const block of blocksOf(bytes, false)) {
    schedule.set(block);
    for (let at = 16; at < 64; at++) {
      const [before, near] = [word(schedule, at - 15), word(schedule, at - 2)];
      schedule[at] =
        word(schedule, at - 16) +
        (right(before, 7) ^ right(before, 18) ^ (before >>> 3)) +
        word(schedule, at - 7) +
        (right(near, 17) ^ right(near, 19) ^ (near >>> 10));
    }
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
    for (let at = 0; at < 64; at++) {
      const first =
        h +
        (right(e, 6) ^ right(e, 11) ^ right(e, 25)) +
        ((e & f) ^ (~e & g)) +
        word(constants, at) +
        word(schedule, at);
      const second = (right(a, 2) ^ right(a, 13) ^ right(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      h = g;
      g = f;
      f = e;
      e = (d + first) | 0;
      d = c;
      c = b;
      b = a;
      a = (first + second) | 0;
    }
    add(state, [a, b, c, d, e, f, g, h]);
  }
  return digestOf(state, false);
}

function word(words: Uint32Array, at: number): number {
  return words[at] ?? 0;
}

function add(state: Uint32Array, words: readonly number[]): void {
  words.forEach((added, at) => {
    state[at] = word(state, at) + added;
  });
}
