/**
 * Who may start, and when. A state decides whether there is room; the pacer keeps those who wait in order: lanes are
 * first come, first served, among lanes with room the oldest head goes first (older by its priority), tenants take
 * turns at a limit that they share, and a blocked lane blocks no other.
 */
import type { Clock, State } from "../ports.ts";
import { LaneQueue } from "./lane.ts";
import { LaneDirectory } from "./lane-directory.ts";
import type { Grant, Pacer } from "./pacer-contract.ts";
import { costTooHigh, pacerClosed, waitAborted } from "./pacing-errors.ts";
import { WaitingRoom } from "./waiting-room.ts";

export type { Grant, Lane, PaceRequest, Pacer } from "./pacer-contract.ts";

/** `maxQueue` bounds those who wait in one lane: 10,000 unless said otherwise. */
export function createPacer(options: {
  readonly state: State;
  readonly clock: Clock;
  readonly maxQueue?: number;
}): Pacer {
  const directory = new LaneDirectory();
  const room = new WaitingRoom(options.state, options.clock, options.maxQueue ?? 10_000);
  return {
    lane: (limits, tenant) => directory.lane(limits, tenant),
    acquire: (lane, request) => {
      // A lane of another make (a copy, say) finds its canonical one.
      const own = lane instanceof LaneQueue ? lane : directory.lane(lane.limits, lane.tenant);
      const queue = request.priority === undefined ? own : own.of(request.priority);
      if (room.closed) throw pacerClosed();
      if (request.signal?.aborted === true) throw waitAborted(request.signal);
      if (queue.limits.length === 0) return unlimited;
      if (request.cost > queue.mostUnits) throw costTooHigh(queue, request.cost);
      return room.enter(queue, request);
    },
    feedback: (limit, said) => room.feedback(limit, said),
    inspect: () => room.inspect(),
    close: () => room.close(),
  };
}

/** The grant where no limit applies. */
const unlimited: Grant = Object.freeze({ waitedMs: 0, refund: () => undefined, release: () => undefined });
