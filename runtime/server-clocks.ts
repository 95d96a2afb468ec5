import type { ResponseHeaders } from "./ports.ts";

/** A difference below this is no skew: `Date` has whole seconds, and answers take their time. */
const shortestSkewMs = 30_000;
/** `Date` is cut to the second. */
const halfSecondMs = 500;
const mostOrigins = 1_000;

/**
 * How far the clocks of servers are from ours, learned from the `Date` of their answers (RFC 9110, section 6.6.1).
 * Only what a server judges by its own clock is told in its time: signatures, assertions, ends of tokens.
 */
export class ServerClocks {
  readonly #offsets: Map<string, number> = new Map();

  /** Takes note of an answer. `sentAt` and `receivedAt` are our wall clock's. */
  learn(origin: string, headers: ResponseHeaders, sentAt: number, receivedAt: number): void {
    const date = Date.parse(headers.get("date") ?? "");
    // What a cache gives is as old as `Age` says, and its `Date` with it.
    if (!Number.isFinite(date) || headers.get("age") !== undefined) return;
    const sample = date + halfSecondMs - (sentAt + receivedAt) / 2;
    const known = this.#offsets.get(origin);
    const near = known !== undefined && Math.abs(sample - known) < shortestSkewMs;
    this.#offsets.delete(origin);
    this.#offsets.set(origin, near ? known + (sample - known) / 4 : sample);
    if (this.#offsets.size <= mostOrigins) return;
    const [oldest] = this.#offsets.keys();
    if (oldest !== undefined) this.#offsets.delete(oldest);
  }

  /** What to add to our wall clock for this server, in milliseconds; 0 where the clocks agree. */
  offset(origin: string): number {
    const known = this.#offsets.get(origin);
    return known !== undefined && Math.abs(known) >= shortestSkewMs ? Math.round(known) : 0;
  }

  /** True where this server's clock turned out to be another than the one that a request was made for. */
  differs(origin: string, assumed: number): boolean {
    return Math.abs(this.offset(origin) - assumed) >= shortestSkewMs;
  }

  /** False where nothing is known yet: then nobody has to ask. */
  get known(): boolean {
    return this.#offsets.size > 0;
  }
}
