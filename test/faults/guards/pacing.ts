/** Limits, and turns under them. */
import type { Guard } from "../guard.ts";

const record = "test/runtime/pacing/limit-record.test.ts";
const order = "test/runtime/pacing/order.test.ts";

export const pacingGuards: readonly Guard[] = [
  {
    name: "the refund",
    file: "runtime/call/admission.ts",
    from: "grant?.refund();",
    to: "grant?.release();",
    test: "test/faults/refund.test.ts",
    only: "gives its token back",
  },
  {
    name: "pacing: the rolling window",
    file: "runtime/pacing/limit-record.ts",
    from: "const room = capacity(rule) - cost;",
    to: "const room = 2 * capacity(rule) - cost;",
    test: record,
    only: "holds no unit above limit and burst",
  },
  {
    name: "pacing: the bucket of a burst",
    file: "runtime/pacing/limit-record.ts",
    from: "if (hasBucket(rule)) at = Math.max(at, this.#bucketTime(rule, cost));",
    to: "",
    test: record,
    only: "gives a second burst only what has flowed in",
  },
  {
    name: "pacing: all limits or none",
    file: "runtime/pacing/limit-table.ts",
    from: "if (refusal !== undefined) return refusal;",
    to: "",
    test: "test/runtime/state/state-contract.test.ts",
    only: "takes from all limits or from none",
  },
  {
    name: "pacing: what the server holds",
    file: "runtime/pacing/server-word.ts",
    from: "return Math.max(capped, this.#heldUntil,",
    to: "return Math.max(capped,",
    test: "test/runtime/pacing/server-word.test.ts",
    only: "is not shortened by a later word",
  },
  {
    name: "pacing: the turns of tenants",
    file: "runtime/pacing/line.ts",
    from: "    group.turn = turn;",
    to: "",
    test: order,
    only: "take turns",
  },
  {
    name: "pacing: the ageing of priorities",
    file: "runtime/pacing/priority.ts",
    from: "agingMs = 5_000",
    to: "agingMs = 5_000_000",
    test: order,
    only: "starve nobody",
  },
  {
    name: "pacing: reservations against starvation",
    file: "runtime/pacing/waiting-room.ts",
    from: "this.#reserve(lane, head, key, answer.at);",
    to: "",
    test: "test/runtime/pacing/pacer.test.ts",
    only: "is not starved",
  },
  {
    name: "pacing: reservations while a bucket fills",
    file: "runtime/pacing/waiting-room.ts",
    from: "at - now > lane.longestFillMs",
    to: "at - now > lane.longestMs",
    test: "test/runtime/pacing/pacer.test.ts",
    only: "needs a full bucket is not starved",
  },
  {
    name: "pacing: reservations hold up nobody before their owner",
    file: "runtime/pacing/reservations.ts",
    from: "if (owner === undefined || !isBefore(owner, lane)) continue;",
    to: "if (owner === undefined || owner === lane) continue;",
    test: "test/runtime/pacing/pacer.test.ts",
    only: "does not go back and forth",
  },
  {
    name: "pacing: failing before a wait that is too long",
    file: "runtime/pacing/waiting-room.ts",
    from: "    const at = this.#forecast.startAfter(lane, request.cost);",
    to: "    const at = 0;",
    test: "test/runtime/pacing/pacer.test.ts",
    only: "counts those who wait before it",
  },
  {
    name: "pacing: the place of an aborted call",
    file: "runtime/pacing/waiting-room.ts",
    from: "else if (admission.admitted && asked !== undefined) this.refund(lane, asked.cost, admission.at);",
    to: "",
    test: "test/runtime/pacing/async-state.test.ts",
    only: "gives back what was admitted",
  },
];
