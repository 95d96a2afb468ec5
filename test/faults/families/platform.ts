/** Faults of what the runtime stands on: its state store, the process. */
import {
  createFailingState,
  createMemoryState,
  type FailingState,
  type StateBehaviour,
  type StateScript,
} from "../../../runtime/testing/index.ts";
import type { SceneClock } from "../clock.ts";
import { anyPlace, everywhere, type Fault, ok, type Place, type Scene, type Sights } from "../fault.ts";
import { deadlineMs, good } from "../scene.ts";
import { rotating } from "./credentials.ts";

/** The store of a scene. */
const states = new WeakMap<SceneClock, FailingState>();
const store =
  (behave: StateScript["behave"] = () => undefined) =>
  (clock: SceneClock): { state: FailingState } => {
    const state = createFailingState(createMemoryState({ clock }), { clock, behave });
    states.set(clock, state);
    return { state };
  };
/** All that was stored is lost. */
const forget = ({ clock }: Scene): void => states.get(clock)?.replace(createMemoryState({ clock }));

const everyPlace: readonly Place[] = [...anyPlace, "refresh"];
const nothing = "Nothing: tokens are asked for again";
const away = "The tokens of a chain are kept in this process meanwhile";
const unspent = "Mend the store, and call again: no refresh token was spent";
const unavailable: Sights = everywhere({ code: "state_unavailable", retryable: true });

const signedOut: Sights = everywhere({ code: "reauthorization_required", retryable: false });

const lost = (name: string, behaviour: StateBehaviour, stalled?: Fault["stalled"]): readonly Fault[] => {
  const passing = stalled ? { stalled } : {};
  const runtime = store(() => behaviour);
  return [
    {
      name: `a state store that ${name}`,
      at: anyPlace,
      runtime,
      ...passing,
      seen: everywhere(ok(1)),
      todo: away,
    },
    {
      name: `a state store that ${name}, where a refresh token is needed`,
      at: ["refresh", "token endpoint of others"],
      runtime,
      ...passing,
      also: ({ failing }) => (failing.times("/token") > 0 ? ["a refresh token was spent"] : []),
      seen: unavailable,
      todo: unspent,
    },
  ];
};

/** Gone for the first of two calls, then there. */
const absent = (): Fault => {
  let gone = true;
  return {
    name: "a state store that was gone and is back",
    at: everyPlace,
    runtime: (clock) => {
      gone = true;
      return store(() => (gone ? { kind: "reject" } : undefined))(clock);
    },
    calls: 2,
    between: ({ clock }) => {
      gone = false;
      return clock.advance(5_000);
    },
    seen: everywhere(ok(1)),
    todo: "Nothing",
  };
};

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
  ...lost("is gone", { kind: "reject" }),
  ...lost("hangs", { kind: "hang" }, () => "state"),
  ...lost("takes what it is given and loses its answers", { kind: "answer_lost" }),
  absent(),
  {
    name: "a state store that forgets between calls (flush, failover)",
    at: everyPlace,
    runtime: store(),
    calls: 2,
    between: async (scene) => {
      forget(scene);
      await scene.clock.advance(4_000_000);
    },
    seen: everywhere(ok(1)),
    todo: nothing,
  },
  {
    name: "a state store that fails over while a token is fetched",
    at: ["chain step", "refresh"],
    runtime: store(),
    answers: (scene) => [
      () => {
        forget(scene);
        return good;
      },
    ],
    seen: everywhere(ok(1)),
    // A record that is gone was forgotten on purpose, as far as anybody can tell.
    seenAt: { refresh: signedOut },
    todo: "Nothing for a chain. After a consent the user must sign in again",
  },
  {
    name: "a state store that forgets the successor of a refresh token of one use",
    at: ["refresh"],
    runtime: store(),
    answers: () => [rotating()],
    calls: 2,
    between: async (scene) => {
      forget(scene);
      await scene.clock.advance(60_000);
    },
    seen: signedOut,
    todo: "The user must sign in again. Keep credentials in a store that survives a failover",
  },
  frozen("an event loop that is blocked", 5_000, everywhere(ok(1)), "Nothing"),
  frozen(
    "an event loop that is blocked past the deadline",
    deadlineMs + 200,
    everywhere({ code: ["ok", "deadline_exceeded"] }),
    "Do not block the loop: after it, the answer and the end of the time limit come at once",
  ),
];
