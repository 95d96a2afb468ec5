import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Seen } from "../../../runtime/paginate/seen.ts";

describe("texts that were seen", () => {
  it('are of one kind each: 3 is not "0", as little as 35 is "05"', () => {
    for (const length of [1, 2, 9])
      for (const [text, number] of mixed(length)) {
        const seen = new Seen();
        expect([seen.add(text, 1), seen.add(number, 2), seen.add(text, 1)]).toEqual([true, true, false]);
      }
  });

  it("are told from those that were not", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string({ maxLength: 3 }), fc.nat(2))), (texts) => {
        const seen = new Seen();
        const known = new Set<string>();
        for (const [text, kind] of texts) {
          const key = `${kind} ${text}`;
          expect(seen.add(text, kind)).toBe(!known.has(key));
          known.add(key);
        }
      }),
    );
  });

  it.each([
    ["numbers", (id: number) => String(id)],
    ["numbers after a long beginning", (id: number) => `https://api.example.com/v1/tickets/${id}`],
    [
      "UUIDs that differ at the end",
      (id: number) => `0190c1f2-8e4a-7000-8000-${id.toString(16).padStart(12, "0")}`,
    ],
    ["two characters", (id: number) => String.fromCharCode(id & 0x3ff, id >> 10)],
  ])("are none of 200,000 others: %s", (_, make) => {
    const seen = new Seen();
    let wrong = 0;
    for (let id = 0; id < 200_000; id++) if (!seen.add(make(id))) wrong++;
    for (let id = 0; id < 200_000; id += 997) if (seen.add(make(id))) wrong++;
    expect(wrong).toBe(0);
  });

  it("finds one that is there among many at once, and those that come twice among them", () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat(2_000), { minLength: 1 }), { minLength: 1 }), (batches) => {
        const seen = new Seen();
        const known = new Set<number>();
        for (const batch of batches) {
          for (const value of batch) seen.putInteger(value);
          const areNew = new Set(batch).size === batch.length && !batch.some((value) => known.has(value));
          expect(seen.addAll()).toBe(areNew);
          for (const value of batch) known.add(value);
        }
      }),
    );
  });

  it("tells whole numbers apart, those below nothing and past 32 bits as well, and from texts", () => {
    const integer = fc.oneof(
      fc.maxSafeInteger(),
      fc.integer(),
      fc.nat(40).map((power) => 2 ** power),
    );
    fc.assert(
      fc.property(fc.array(integer), (values) => {
        const seen = new Seen();
        const known = new Set<number>();
        for (const value of values) {
          expect(addInteger(seen, value)).toBe(!known.has(value));
          known.add(value);
        }
        for (const value of known) expect(seen.add(String(value), 2)).toBe(true);
        // Minus zero is zero.
        expect(addInteger(seen, -0)).toBe(!known.has(0));
      }),
    );
  });

  it.each([
    ["next to each other", 1, 0],
    ["next to each other, below nothing", -1, -7],
    ["whose lower halves are one", 2 ** 32, 5],
    ["far apart", 104_729 * 2 ** 20, 1],
  ])("no whole number is one of 50,000 others: %s", (_, step, first) => {
    const seen = new Seen();
    let wrong = 0;
    for (let at = 0; at < 50_000; at++) if (!addInteger(seen, first + at * step)) wrong++;
    for (let at = 0; at < 50_000; at += 97) if (addInteger(seen, first + at * step)) wrong++;
    expect(wrong).toBe(0);
  });
});

function addInteger(seen: Seen, value: number): boolean {
  seen.putInteger(value, 1);
  return seen.addAll();
}

/** Texts and numbers that are alike but for their first characters. */
function mixed(length: number): [text: string, number: string][] {
  const digits = [..."0123456789"];
  const rest = "4".repeat(length - 1);
  return digits.flatMap((text) => digits.map((number): [string, string] => [text + rest, number + rest]));
}
