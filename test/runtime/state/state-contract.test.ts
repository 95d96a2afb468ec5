import { describe, test } from "vitest";
import { createMemoryState } from "../../../runtime/state/memory-state.ts";
import { createFakeClock } from "../../../runtime/testing/clock.ts";
import { createFailingState } from "../../../runtime/testing/failing-state.ts";
import { stateContract } from "../../../runtime/testing/state-contract.ts";

describe("the memory state", () => {
  const make = async () => {
    const clock = createFakeClock(5000);
    const state = createMemoryState({ clock });
    return { state, clock, close: async () => state.close() };
  };
  for (const { name, run } of stateContract(make)) test(name, run);
});

describe("a state that answers a turn later", () => {
  const make = async () => {
    const clock = createFakeClock(5000);
    const state = createFailingState(createMemoryState({ clock }), { clock });
    return { state, clock, close: async () => state.close() };
  };
  for (const { name, run } of stateContract(make)) test(name, run);
});
