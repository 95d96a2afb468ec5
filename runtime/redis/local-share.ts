import { capacity } from "../../schema/language/limits.ts";
import { ConnectorError } from "../errors.ts";
import { LimitTable } from "../pacing/limit-table.ts";
import type { Admission, Clock, LimitObject } from "../ports.ts";
import type { LimitSeat } from "./limit-seat.ts";

/** When asking again is worth while for one whose share is nothing: the store may be back. */
const againMs = 250;

/**
 * Admission by this process alone while the store is gone: of each limit `floor(limit / processes last known)`, and
 * nothing of its burst. What the process has started before is part of that, so that a fleet in which all start alike
 * keeps to the limit even in the window in which it loses its store.
 */
export class LocalShare {
  readonly #clock: Clock;
  readonly #table: LimitTable;
  #shares = new WeakMap<LimitObject, LimitObject>();
  /** Whose starts before this outage are counted. */
  #recalled = new WeakSet<LimitSeat>();
  #processes = 1;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#table = new LimitTable(clock);
  }

  /** Begins an outage, in which so many processes share each limit. */
  begin(processes: number): void {
    this.#table.clear();
    this.#processes = processes;
    this.#shares = new WeakMap();
    this.#recalled = new WeakSet();
  }

  /** What this process has started of a limit, and runs; counted once in an outage. */
  recall(limit: LimitObject, seat: LimitSeat): void {
    if (this.#recalled.has(seat)) return;
    this.#recalled.add(seat);
    this.#table.recall(this.#share(limit), seat.started.pairs(), seat.running);
  }

  /** Throws `state_unavailable` where the descriptor says `on_state_loss: closed`. */
  admit(limits: readonly LimitObject[], cost: number): Admission {
    const closed = limits.find((limit) => limit.onStateLoss === "closed");
    if (closed !== undefined) throw closedError();
    const shares = limits.map((limit) => this.#share(limit));
    const none = shares.findIndex(
      (share) => capacity(share) < cost || share.limit < 1 || share.maxConcurrent === 0,
    );
    const first = limits[none];
    if (first !== undefined) return { admitted: false, at: this.#clock.now() + againMs, blockedBy: first };
    const answer = this.#table.admit(shares, cost);
    if (answer.admitted) return answer;
    const blockedBy = limits[shares.indexOf(answer.blockedBy)] ?? answer.blockedBy;
    return { admitted: false, at: answer.at, blockedBy };
  }

  refund(limits: readonly LimitObject[], cost: number, at: number): void {
    this.#table.refund(this.#sharesOf(limits), cost, at);
  }

  release(limits: readonly LimitObject[]): void {
    this.#table.release(this.#sharesOf(limits));
  }

  hear(limit: LimitObject, said: Parameters<LimitTable["hear"]>[1]): void {
    this.#table.hear(this.#share(limit), said);
  }

  #sharesOf(limits: readonly LimitObject[]): readonly LimitObject[] {
    return limits.map((limit) => this.#share(limit));
  }

  #share(limit: LimitObject): LimitObject {
    const known = this.#shares.get(limit);
    if (known !== undefined) return known;
    const part = (whole: number): number => Math.floor(whole / this.#processes);
    const share: LimitObject = {
      ...limit,
      limit: part(limit.limit),
      burst: 0,
      ...(limit.maxConcurrent === undefined ? {} : { maxConcurrent: part(limit.maxConcurrent) }),
      memo: undefined,
    };
    this.#shares.set(limit, share);
    return share;
  }
}

function closedError(): ConnectorError {
  return new ConnectorError({
    code: "state_unavailable",
    phase: "pacing",
    retryable: true,
    message:
      "The state store is gone, and the connector says `on_state_loss: closed`: nothing is sent until it is back. Try again later.",
  });
}
