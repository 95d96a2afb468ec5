/** SHA-512 and SHA-512/256 over words of 64 bits (FIPS 180-4). */

const mask = 2n ** 64n - 1n;

/** FIPS 180-4, sections 6.4 and 6.7. */
export function sha512(bytes: Uint8Array, kind: "sha512" | "sha512-256" = "sha512"): Uint8Array {
  const start = rootBits(8, 2n);
  if (kind === "sha512") return run(bytes, start);
  // Section 5.3.6: the initial value is itself a digest.
  const name = new TextEncoder().encode("SHA-512/256");
  const seeded = run(
    name,
    start.map((word) => word ^ 0xa5a5a5a5a5a5a5a5n),
  );
  return run(bytes, wordsOf(seeded)).slice(0, 32);
}

function run(bytes: Uint8Array, start: readonly bigint[]): Uint8Array {
  const constants = rootBits(80, 3n);
  const padded = new Uint8Array(((bytes.length + 144) >> 7) << 7);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  new DataView(padded.buffer).setBigUint64(padded.length - 8, BigInt(bytes.length) * 8n);
  let state = [...start];
  for (let at = 0; at < padded.length; at += 128) {
    const mixed = compress(state, scheduleOf(wordsOf(padded.subarray(at, at + 128))), constants);
    state = state.map((word, index) => (word + (mixed[index] ?? 0n)) & mask);
  }
  const view = new DataView(new ArrayBuffer(64));
  for (const [index, word] of state.entries()) view.setBigUint64(8 * index, word);
  return new Uint8Array(view.buffer);
}

function scheduleOf(block: readonly bigint[]): bigint[] {
  const words = [...block];
  for (let at = 16; at < 80; at++) {
    const [before, near] = [words[at - 15] ?? 0n, words[at - 2] ?? 0n];
    const first = turn(before, 1n) ^ turn(before, 8n) ^ (before >> 7n);
    const second = turn(near, 19n) ^ turn(near, 61n) ^ (near >> 6n);
    words.push(((words[at - 16] ?? 0n) + first + (words[at - 7] ?? 0n) + second) & mask);
  }
  return words;
}

function compress(
  state: readonly bigint[],
  words: readonly bigint[],
  constants: readonly bigint[],
): bigint[] {
  let [a = 0n, b = 0n, c = 0n, d = 0n, e = 0n, f = 0n, g = 0n, h = 0n] = state;
  for (const [at, word] of words.entries()) {
    const choice = (e & f) ^ ((e ^ mask) & g);
    const first = h + (turn(e, 14n) ^ turn(e, 18n) ^ turn(e, 41n)) + choice + (constants[at] ?? 0n) + word;
    const second = (turn(a, 28n) ^ turn(a, 34n) ^ turn(a, 39n)) + ((a & b) ^ (a & c) ^ (b & c));
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) & mask, c, b, a, (first + second) & mask];
  }
  return [a, b, c, d, e, f, g, h];
}

function turn(word: bigint, by: bigint): bigint {
  return ((word >> by) | (word << (64n - by))) & mask;
}

function wordsOf(bytes: Uint8Array): bigint[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: bytes.length / 8 }, (_, at) => view.getBigUint64(8 * at));
}

/** The first 64 bits of what follows the point in the square or cube roots of the first primes (sections 4.2.3 and 5.3.5). */
function rootBits(count: number, degree: bigint): bigint[] {
  const primes: bigint[] = [];
  for (let candidate = 2n; primes.length < count; candidate++)
    if (primes.every((prime) => candidate % prime !== 0n)) primes.push(candidate);
  return primes.map((prime) => rootOf(prime << (64n * degree), degree) & mask);
}

/** The whole part of a root, by Newton's method from above. */
function rootOf(value: bigint, degree: bigint): bigint {
  let guess = 1n << 70n;
  for (;;) {
    const next = ((degree - 1n) * guess + value / guess ** (degree - 1n)) / degree;
    if (next >= guess) return guess;
    guess = next;
  }
}
