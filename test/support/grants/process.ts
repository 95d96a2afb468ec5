/** A process that shares a state with others: it can be paused, as a suspended machine is, or killed. */
import {
  type Clock,
  type Connection,
  createRuntime,
  type Runtime,
  type State,
} from "../../../runtime/index.ts";
import { createFailingState, type StateBehaviour, type StateMethod } from "../../../runtime/testing/index.ts";
import type { Connector } from "../../../schema/ir.ts";
import type { IdentityProvider } from "./identity-provider.ts";

export interface Process {
  readonly name: string;
  readonly connection: Connection;
  readonly runtime: Runtime;
  alive(): boolean;
  /** Nothing happens in it any more, and what it wrote last may still arrive. */
  kill(): void;
  pause(): void;
  resume(): void;
}

interface Options {
  readonly name: string;
  readonly clock: Clock;
  readonly state: State;
  readonly provider: IdentityProvider;
  readonly ir: Connector;
  readonly credentials: Readonly<Record<string, string>>;
  readonly behave: (method: StateMethod) => StateBehaviour | undefined;
}

export function startProcess({ name, clock, state, provider, ir, credentials, behave }: Options): Process {
  let killed = false;
  let paused = false;
  let waiting: (() => void)[] = [];
  /** What reaches the process: now, when it goes on, or never. */
  const enter = (work: () => void): void => {
    if (killed) return;
    if (paused) waiting.push(work);
    else work();
  };
  const own: Clock = {
    now: () => clock.now(),
    wall: () => clock.wall(),
    timer: (ms, fire) => {
      let cancelled = false;
      const timer = clock.timer(ms, () => enter(() => cancelled || fire()));
      return {
        cancel: () => {
          cancelled = true;
          timer.cancel();
        },
      };
    },
  };
  const inner = createFailingState(state, {
    clock,
    behave: (method) => (killed ? { kind: "hang" } : behave(method)),
  });
  const entering = <T>(answer: Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      answer.then(
        (value) => enter(() => resolve(value)),
        (thrown) => enter(() => reject(thrown)),
      );
    });
  const runtime = createRuntime({
    clock: own,
    state: throughDoor(inner, entering, enter),
    secrets: { key: "0123456789abcdef0123456789abcdef" },
    transport: provider.transport(name, enter),
  });
  return {
    name,
    runtime,
    connection: runtime.connect(ir, { credentials }),
    alive: () => !killed,
    kill: () => {
      killed = true;
    },
    pause: () => {
      paused = true;
    },
    resume: () => {
      paused = false;
      const work = waiting;
      waiting = [];
      for (const one of work) enter(one);
    },
  };
}

/** A state whose every answer, and whatever it tells by itself, enters the process by its door. */
function throughDoor(
  state: State,
  entering: <T>(answer: Promise<T>) => Promise<T>,
  enter: (work: () => void) => void,
): State {
  const ask = <T>(answer: T | Promise<T>): Promise<T> => entering(Promise.resolve(answer));
  return {
    admit: (limits, cost) => ask(state.admit(limits, cost)),
    refund: (limits, cost, at) => ask(state.refund(limits, cost, at)),
    release: (limits) => ask(state.release(limits)),
    feedback: (limit, said) => ask(state.feedback(limit, said)),
    getSecret: (key) => ask(state.getSecret(key)),
    compareAndSet: (key, fence, value, ttlMs) => ask(state.compareAndSet(key, fence, value, ttlMs)),
    lease: async (key, ttlMs) => {
      const lease = await ask(state.lease(key, ttlMs));
      return (
        lease && {
          renew: (renewedMs) => ask(lease.renew(renewedMs)),
          owned: () => ask(lease.owned()),
          release: () => ask(lease.release()),
        }
      );
    },
    subscribe: (key, changed) => state.subscribe(key, () => enter(changed)),
    inspect: () => ask(state.inspect()),
    close: () => state.close(),
  };
}
