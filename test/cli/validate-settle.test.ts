import { describe, expect, it } from "vitest";
import { type Standing, settle } from "../../cli/validate/settle.ts";

/** How files stand at each look, the last one for ever, and how many pauses it takes them to settle. An event comes with what differs from the look before. */
function disk(...looks: readonly [Standing, ...Standing[]]): { settled(): Promise<number> } {
  let at = 0;
  const standing = (index: number): Standing => looks[index] ?? looks.at(-1) ?? looks[0];
  const pause = async (): Promise<boolean> => {
    at++;
    return standing(at).state !== standing(at - 1).state;
  };
  return {
    settled: async () => {
      await settle(() => standing(at), pause);
      return at;
    },
  };
}

const full = { state: "full", isUnfinished: false };
const empty = { state: "empty", isUnfinished: true };

describe("a change is over", () => {
  it("after one pause in which nothing happened", async () => {
    expect(await disk(full).settled()).toBe(1);
  });

  it("not while a file that was just emptied waits for its text", async () => {
    expect(await disk(empty, empty, empty, full).settled()).toBe(4);
  });

  it("not while files still change", async () => {
    const other = { ...full, state: "other" };
    expect(await disk(full, other, full, other).settled()).toBe(4);
  });

  it("not when the system told of a change that left no trace", async () => {
    const told = [true, true, false];
    let pauses = 0;
    await settle(
      () => full,
      async () => told[pauses++] ?? false,
    );
    expect(pauses).toBe(3);
  });

  it("at last where a file stays empty, or never stops changing", async () => {
    expect(await disk(empty).settled()).toBe(10);
    const growing = Array.from({ length: 100 }, (_, index) => ({ ...full, state: String(index) }));
    expect(await disk(full, ...growing).settled()).toBe(10);
  });
});
