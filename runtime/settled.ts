import type { Awaitable } from "./ports.ts";

/** True for a value that is at hand: it is used at once, without a turn of the event loop. */
export function isPromise<T>(value: Awaitable<T>): value is Promise<T> {
  return value instanceof Promise;
}
