/**
 * Who goes first among those who wait: by age, with a head start or a handicap. A call of high priority passes what
 * came up to `agingMs` before it and a low one lets pass what comes up to `agingMs` after it, so that waiting wins in
 * the end and nobody starves.
 */
export type Priority = "high" | "normal" | "low";

/** From the first to the last. */
export const priorities: readonly Priority[] = ["high", "normal", "low"];

/** Less than any deadline by default, more than most waits. */
export const agingMs = 5_000;

const shifts: Readonly<Record<Priority, number>> = { high: -agingMs, normal: 0, low: agingMs };

/** The time of arrival as it counts for the order. */
export function rankOf(arrivedAt: number, priority: Priority): number {
  return arrivedAt + shifts[priority];
}
