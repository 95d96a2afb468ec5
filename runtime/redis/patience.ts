/** Answers within the time that a decision has leave so much of it for the process itself. */
const leastMs = 40;
/** A machine that is busy answers late, and is not gone. Meanwhile nobody starts, which is never too early. */
const mostMs = 300;
/** Silence for so many times the slowest answer of late is no slow answer. */
const factor = 3;
/** What was slow is remembered for one to two spans. */
const spanMs = 10_000;

/**
 * How long a store that was asked may say nothing before it counts as gone, in milliseconds. No detector tells late
 * from gone, so this one learns what late is: as accrual failure detectors do (Hayashibara et al., 2004), by the answers
 * so far. Where they come in milliseconds a silence of 40 is an end; on a busy machine it takes 300.
 *
 * It goes by that only where a process is alone, whose own starts are all that counts, so that to leave early breaks no
 * limit. One of several that leaves while the others stay adds its share to what they use.
 */
export class Patience {
  #worst = mostMs;
  #before = mostMs;
  #since: number | undefined;

  /** An answer took so long. */
  heard(tookMs: number, now: number): void {
    if (this.#since === undefined) {
      // What is not known yet is taken to be slow, until there is something to go by.
      this.#since = now;
      this.#worst = 0;
      this.#before = 0;
    }
    this.#turn(now);
    this.#worst = Math.max(this.#worst, tookMs);
  }

  limitMs(now: number, processes: number): number {
    this.#turn(now);
    if (processes > 1) return mostMs;
    return Math.min(mostMs, Math.max(leastMs, factor * Math.max(this.#worst, this.#before)));
  }

  #turn(now: number): void {
    if (this.#since === undefined || now - this.#since < spanMs) return;
    // A span without an answer teaches nothing.
    if (this.#worst > 0) {
      this.#before = this.#worst;
      this.#worst = 0;
    }
    this.#since = now;
  }
}
