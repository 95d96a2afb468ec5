/** Time in Redis is microseconds of its own clock; the runtime's is milliseconds of a monotonic one. */

/** A start in the runtime's words: named for a refund, and not to be confused with one that was made without Redis. */
export function startOf(serverUs: number): number {
  return serverUs / 1_000;
}

export function serverUsOf(start: number): number {
  return Math.round(start * 1_000);
}

export function toUs(ms: number): number {
  return Math.round(ms * 1_000);
}
