/**
 * When requests are admitted and when their first byte is handed to the socket: what a runtime does by itself, told
 * apart from what a busy machine does to it.
 */
import { systemClock } from "../../../runtime/clock.ts";
import type { Clock, Sink, State, Transport, WireRequest } from "../../../runtime/ports.ts";
import { createMemoryState } from "../../../runtime/state/memory-state.ts";
import { createTransport, type NetworkOptions } from "../../../runtime/transport/undici-transport.ts";

/** Milliseconds of the machine's monotonic clock, the same in every process. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** undici lets a turn pass before it writes on a socket that was idle, to see whether the server has closed it. */
const turnsToWrite = 1;

/** The header that names a request to the server. */
export const idHeader = "x-request";

/** An admission, in the turn of the event loop in which it was made. */
interface Admitted {
  readonly at: number;
  readonly turn: number;
}

export interface WireWatch {
  readonly clock: Clock;
  readonly state: State;
  readonly transport: Transport;
  /**
   * By request: when it went, by its own doing. That is its admission where its bytes were written in that turn of the
   * event loop or the next, as all that lies between is then the machine's; else, as it waited for something, the write.
   */
  readonly wentAt: ReadonlyMap<string, number>;
}

function turnOfLoop(): number {
  return performance.nodeTiming.uvMetricsInfo.loopCount;
}

/** A clock, a state and a transport that note when each request of a runtime with one limit goes. */
export function watchWire(network: NetworkOptions): WireWatch {
  const clock: Clock = { ...systemClock, now: monotonicMs };
  const admitted: Admitted[] = [];
  const wentAt = new Map<string, number>();
  const transport = createTransport({ network, clock });
  let requests = 0;
  const send = (request: WireRequest, sink: Sink): (() => void) => {
    const admission = admitted.shift();
    if (admission === undefined) throw new Error("A request is sent that was never admitted.");
    const id = String(requests++);
    const noted: Sink = {
      connected: () => sink.connected?.(),
      sent: () => {
        const isPrompt = turnOfLoop() <= admission.turn + turnsToWrite;
        wentAt.set(id, isPrompt ? admission.at : monotonicMs());
        sink.sent?.();
      },
      head: (status, headers, body) => sink.head(status, headers, body),
      data: (chunk) => sink.data(chunk),
      end: (trailers) => sink.end(trailers),
      fail: (error) => sink.fail(error),
    };
    return transport.send({ ...request, headers: [...request.headers, idHeader, id] }, noted);
  };
  return {
    clock,
    state: watchAdmissions(clock, admitted),
    transport: {
      send,
      slot: (origin, client) => transport.slot(origin, client),
      waitForSlot: (origin, granted, client) => transport.waitForSlot(origin, granted, client),
      close: (graceMs) => transport.close(graceMs),
      inspect: () => transport.inspect(),
    },
    wentAt,
  };
}

/** Keeps the admissions that are neither sent nor refunded, oldest first. */
function watchAdmissions(clock: Clock, admitted: Admitted[]): State {
  const memory = createMemoryState({ clock });
  return {
    ...memory,
    admit: (limits, cost) => {
      const answer = memory.admit(limits, cost);
      if (answer.admitted) admitted.push({ at: answer.at ?? clock.now(), turn: turnOfLoop() });
      return answer;
    },
    refund: (limits, cost, at) => {
      // Another one, admitted a moment later, may have gone under this admission: its own is then what is left.
      const index = admitted.findIndex((one) => at !== undefined && one.at >= at);
      if (index < 0) throw new Error("A refund of what was never admitted.");
      admitted.splice(index, 1);
      memory.refund(limits, cost, at);
    },
  };
}
