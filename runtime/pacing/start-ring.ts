/** Where the ring says which place holds its oldest pair, how many pairs it holds, and where its pairs begin. */
const headPlace = 0;
const sizePlace = 1;
const firstPlace = 2;

/** Two pairs to fill. Fractions: V8 keeps bare doubles. */
const spare: readonly number[] = [0.5, 0.5, 0.5, 0.5];
const unfilled: readonly number[] = [firstPlace, 0, ...spare];

/**
 * The starts of one rolling window, oldest first: pairs of time and units in a ring that grows as needed. Where every
 * stamp is kept, a pair holds the units started at one instant. In slots, a pair takes what starts within a slot
 * of its first start and carries the time of its last: it leaves the window late, never early.
 *
 * A bare array that carries its own head and size, as an object around it would cost a key a quarter of its memory;
 * the sum of the units and the first start of the newest pair are its keeper's.
 */
export type StartRing = number[];

export function openRing(time: number, units: number): StartRing {
  return append(unfilled.slice(), time, units);
}

export function isEmpty(ring: StartRing): boolean {
  return sizeOf(ring) === 0;
}

/** The time that the newest pair carries. */
export function newestTime(ring: StartRing): number {
  return isEmpty(ring) ? Number.NEGATIVE_INFINITY : timeAt(ring, sizeOf(ring) - 1);
}

/** Adds units to the newest pair, which takes on their time; there must be one. */
export function join(ring: StartRing, time: number, units: number): void {
  const newest = placeOf(ring, sizeOf(ring) - 1);
  ring[newest] = time;
  ring[newest + 1] = (ring[newest + 1] ?? 0) + units;
}

/** Adds a pair at `time`, which is no earlier than any before. Returns the ring to keep, another where it grew. */
export function append(ring: StartRing, time: number, units: number): StartRing {
  const size = sizeOf(ring);
  const roomy = firstPlace + size * 2 === ring.length ? grown(ring) : ring;
  const place = placeOf(roomy, size);
  roomy[place] = time;
  roomy[place + 1] = units;
  roomy[sizePlace] = size + 1;
  return roomy;
}

/** Forgets what started at `until` or before. Returns its units. */
export function dropUntil(ring: StartRing, until: number): number {
  let dropped = 0;
  while (!isEmpty(ring) && timeAt(ring, 0) <= until) {
    dropped += unitsAt(ring, 0);
    dropOldest(ring);
  }
  return dropped;
}

/** The start after whose leaving at least `units` are free; the newest where they are not that many. */
export function timeOf(ring: StartRing, units: number): number {
  const size = sizeOf(ring);
  let freed = 0;
  for (let index = 0; index < size; index++) {
    freed += unitsAt(ring, index);
    if (freed >= units) return timeAt(ring, index);
  }
  return newestTime(ring);
}

/**
 * Takes back units that started at `at` (the oldest where no time is given). Returns how many were there to be taken;
 * undefined where they have left.
 */
export function takeBack(ring: StartRing, units: number, at: number | undefined): number | undefined {
  const size = sizeOf(ring);
  const first = at === undefined ? 0 : indexFrom(ring, at);
  if (first >= size) return undefined;
  const end = at === undefined ? size : first + 1;
  let left = units;
  for (let index = first; left > 0 && index < end; index++) {
    const taken = Math.min(left, unitsAt(ring, index));
    ring[placeOf(ring, index) + 1] = unitsAt(ring, index) - taken;
    left -= taken;
  }
  dropEmptyEnds(ring);
  return units - left;
}

/** Calls back with every pair after `at`, newest first. */
export function eachAfter(ring: StartRing, at: number, visit: (time: number, units: number) => void): void {
  for (let index = sizeOf(ring) - 1; index >= 0 && timeAt(ring, index) > at; index--) {
    visit(timeAt(ring, index), unitsAt(ring, index));
  }
}

/** The oldest pair that ends at `at` or later; the size where there is none. */
function indexFrom(ring: StartRing, at: number): number {
  let index = sizeOf(ring);
  while (index > 0 && timeAt(ring, index - 1) >= at) index--;
  return index;
}

function dropEmptyEnds(ring: StartRing): void {
  while (!isEmpty(ring) && unitsAt(ring, 0) === 0) dropOldest(ring);
  while (!isEmpty(ring) && unitsAt(ring, sizeOf(ring) - 1) === 0) ring[sizePlace] = sizeOf(ring) - 1;
}

function dropOldest(ring: StartRing): void {
  ring[headPlace] = placeOf(ring, 1);
  ring[sizePlace] = sizeOf(ring) - 1;
}

function sizeOf(ring: StartRing): number {
  return ring[sizePlace] ?? 0;
}

/** A comparison, as a division would be most of an admission's cost. */
function placeOf(ring: StartRing, index: number): number {
  const place = (ring[headPlace] ?? firstPlace) + index * 2;
  return place < ring.length ? place : place - ring.length + firstPlace;
}

function timeAt(ring: StartRing, index: number): number {
  return ring[placeOf(ring, index)] ?? Number.NEGATIVE_INFINITY;
}

function unitsAt(ring: StartRing, index: number): number {
  return ring[placeOf(ring, index) + 1] ?? 0;
}

/** By few pairs, as millions of keys stand with their rings half filled; by copies of whole blocks, as one that fills its ring grows often. */
function grown(ring: StartRing): StartRing {
  const head = ring[headPlace] ?? firstPlace;
  if (head === firstPlace) return ring.concat(spare);
  const larger = ring.slice(0, firstPlace).concat(ring.slice(head), ring.slice(firstPlace, head), spare);
  larger[headPlace] = firstPlace;
  return larger;
}
