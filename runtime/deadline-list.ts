import type { Deadline } from "./deadline.ts";

/**
 * Deadlines of one duration, which end in the order in which they were set: a line whose places are taken and given up
 * in constant time. The links are the deadlines' own, so that a call makes no object for its place.
 */
export class DeadlineList {
  #first: Deadline | undefined = undefined;
  #last: Deadline | undefined = undefined;

  get first(): Deadline | undefined {
    return this.#first;
  }

  add(deadline: Deadline): void {
    deadline.list = this;
    deadline.before = this.#last;
    if (this.#last) this.#last.after = deadline;
    else this.#first = deadline;
    this.#last = deadline;
  }

  /** Only what is in this list may leave it. */
  leave(deadline: Deadline): void {
    const { before, after } = deadline;
    if (before) before.after = after;
    else this.#first = after;
    if (after) after.before = before;
    else this.#last = before;
    // One that has grown old must not keep the younger ones alive: they would all be promoted after it.
    deadline.list = undefined;
    deadline.before = undefined;
    deadline.after = undefined;
  }
}
