/** Faults of what the runtime stands on: its state store, the process. */
import {
  createFailingState,
  createMemoryState,
  type FailingState,
  json,
  type StateBehaviour,
} from "../../../runtime/testing/index.ts";
import type { SceneClock } from "../clock.ts";
import { anyPlace, everywhere, type Fault, ok } from "../fault.ts";
import { deadlineMs, good } from "../scene.ts";

const spoilt =
  (behaviour: StateBehaviour) =>
  (clock: SceneClock): { state: FailingState } => ({
    state: createFailingState(createMemoryState({ clock }), { clock, behave: () => behaviour }),
  });
const away = "The tokens of a chain are kept in this process meanwhile";
const unspent = "Mend the store, and call again: no refresh token was spent";
const states = new WeakMap<SceneClock, FailingState>();

const lost = (name: string, behaviour: StateBehaviour, stalled: Fault["stalled"]): readonly Fault[] => [
  {
    name: `a state store that ${name}`,
    at: anyPlace,
    runtime: spoilt(behaviour),
    ...(stalled ? { stalled } : {}),
    seen: everywhere(ok(1)),
    todo: away,
  },
  {
    name: `a state store that ${name}, where a refresh token is needed`,
    at: ["refresh"],
    runtime: spoilt(behaviour),
    ...(stalled ? { stalled } : {}),
    also: ({ failing }) => (failing.times("/token") > 0 ? ["a refresh token was spent"] : []),
    seen: everywhere({ code: "state_unavailable", retryable: true }),
    todo: unspent,
  },
];

/** The process does nothing for so long: no timer fires, nothing is read. */
const frozen = (name: string, ms: number, seen: Fault["seen"], todo: string): Fault => {
  let thawed = false;
  return {
    name,
    before: () => {
      thawed = false;
    },
    answers: ({ clock }) => [
      () => {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
        clock.jump(ms);
        thawed = true;
        return good;
      },
    ],
    // Past its end the call is over, whether its answer has come or not.
    stalled: () => thawed && ms > deadlineMs,
    at: ["operation", "operation after a chain"],
    seen,
    todo,
  };
};

export const platformFaults: readonly Fault[] = [
  ...lost("is gone", { kind: "reject" }, undefined),
  ...lost("hangs", { kind: "hang" }, () => "state"),
  {
    name: "a state store that forgets (flush, failover)",
    at: ["chain step"],
    runtime: (clock) => {
      const state = createFailingState(createMemoryState({ clock }), { clock });
      states.set(clock, state);
      return { state };
    },
    answers: () => [json({ access_token: "CaNaRy-token", expires_in: 30 })],
    calls: 2,
    between: async ({ clock }) => {
      states.get(clock)?.replace(createMemoryState({ clock }));
      await clock.advance(40_000);
    },
    seen: everywhere(ok(1)),
    todo: "Nothing: tokens are asked for again",
  },
  frozen("an event loop that is blocked", 5_000, everywhere(ok(1)), "Nothing"),
  frozen(
    "an event loop that is blocked past the deadline",
    deadlineMs + 200,
    everywhere({ code: ["ok", "deadline_exceeded"] }),
    "Do not block the loop: after it, the answer and the end of the time limit come at once",
  ),
];
