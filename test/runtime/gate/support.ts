import {
  createGate,
  type Gate,
  type GateOptions,
  type GateRequest,
  type Receipt,
  readPolicy,
} from "../../../runtime/gate/index.ts";
import { createFakeClock, type FakeClock } from "../../../runtime/testing/index.ts";

interface GateScene {
  readonly gate: Gate;
  readonly clock: FakeClock;
  readonly receipts: Receipt[];
  decisions(): readonly string[];
}

/** A gate by the rules of a policy, a clock that stands still, and the receipts. */
export function gateOf(rules: readonly object[], options: Partial<GateOptions> = {}): GateScene {
  const receipts: Receipt[] = [];
  const clock = createFakeClock(1_000);
  const policy = readPolicy({ policy_version: 1, rules });
  const gate = createGate({
    policy,
    receipts: (receipt) => void receipts.push(receipt),
    clock,
    ...options,
  });
  const decisions = () =>
    receipts.filter(({ event }) => event === "decision").map(({ decision }) => decision);
  return { gate, clock, receipts, decisions };
}

/** A call that changes something. */
export function request(fields: Partial<GateRequest> = {}): GateRequest {
  return {
    connector: "desk",
    operation: "close_ticket",
    tool: "close_ticket",
    tags: ["tickets"],
    destructive: false,
    idempotent: false,
    takesKey: false,
    caller: { tenant: "acme" },
    parameters: { id: "7" },
    signal: new AbortController().signal,
    ...fields,
  };
}

interface HeldCall {
  readonly call: () => Promise<string>;
  readonly hasBegun: Promise<void>;
  end(result: string): void;
}

/** A call that ends when it is told to. */
export function heldCall(): HeldCall {
  let end = (_result: string): void => {};
  let begun = (): void => {};
  const hasBegun = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const ended = new Promise<string>((resolve) => {
    end = resolve;
  });
  const call = (): Promise<string> => {
    begun();
    return ended;
  };
  return { call, hasBegun, end };
}
