import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { systemClock } from "../../runtime/clock.ts";
import { systemRandom } from "../../runtime/random.ts";
import { createFakeClock } from "../../runtime/testing/clock.ts";

describe("the system clock", () => {
  test("does not fire early, nor after cancel", async () => {
    let cancelled = true;
    systemClock
      .timer(1, () => {
        cancelled = false;
      })
      .cancel();
    const start = systemClock.now();
    await new Promise<void>((resolve) => systemClock.timer(3.4, resolve).keepAlive?.());
    // The event loop reads its own clock in whole milliseconds.
    expect(systemClock.now() - start).toBeGreaterThan(2.4);
    expect(cancelled).toBe(true);
  });

  test("takes waits longer than a platform timer can", async () => {
    let fired = false;
    const timer = systemClock.timer(2 ** 31 + 5, () => {
      fired = true;
    });
    await new Promise<void>((resolve) => systemClock.timer(5, resolve).keepAlive?.());
    timer.cancel();
    expect(fired).toBe(false);
  });

  test("keeps a process alive for a wait that asked for it, and for no other", async () => {
    const wait = (end: string): string =>
      `import { systemClock } from "./runtime/clock.ts"; systemClock.timer(200, () => console.log("fired"))${end};`;
    const run = async (end: string): Promise<string> => {
      const args = ["--import", "tsx", "--input-type=module", "-e", wait(end)];
      return (await promisify(execFile)(process.execPath, args)).stdout;
    };
    expect(await Promise.all([run(""), run(".keepAlive()")])).toEqual(["", "fired\n"]);
  });
});

describe("the system's randomness", () => {
  test("gives numbers in [0, 1), any count of bytes, and UUIDs", () => {
    const numbers = Array.from({ length: 1000 }, () => systemRandom.next());
    expect(numbers.every((n) => n >= 0 && n < 1)).toBe(true);
    expect(new Set(numbers).size).toBe(1000);
    const bytes = systemRandom.bytes(100_000);
    expect(bytes.length).toBe(100_000);
    expect(bytes.subarray(99_000).some((byte) => byte !== 0)).toBe(true);
    expect(systemRandom.uuid()).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });
});

describe("the fake clock", () => {
  test("fires timers in the order of time and lets async code go on between", async () => {
    const clock = createFakeClock(100);
    const seen: string[] = [];
    clock.timer(20, () => seen.push(`b at ${clock.now()}`));
    clock.timer(10, async () => {
      seen.push(`a at ${clock.now()}`);
      await Promise.resolve();
      clock.timer(5, () => seen.push(`c at ${clock.now()}`));
    });
    clock.timer(21, () => seen.push("never")).cancel();
    await clock.advance(30);
    expect(seen).toEqual(["a at 110", "c at 115", "b at 120"]);
    expect([clock.now(), clock.pending()]).toEqual([130, 0]);
    expect(clock.wall()).toBe(Date.UTC(2026, 0, 1) + 30);
  });

  test("leaps without firing, and what was due fires at the next advance", async () => {
    const clock = createFakeClock();
    let at = 0;
    clock.timer(10, () => {
      at = clock.now();
    });
    clock.jump(50);
    expect(at).toBe(0);
    await clock.advance(0);
    expect(at).toBe(50);
  });
});
