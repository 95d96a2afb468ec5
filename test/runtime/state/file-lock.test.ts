/** The lock of a file store between processes, against holders that died, hang, or come back late. */
import { existsSync, readFileSync } from "node:fs";
import { readdir, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { underLock } from "../../../runtime/state/file-lock.ts";
import { folderWith } from "../../cli/support.ts";

const lockPath = async (): Promise<string> => join(await folderWith({}), "secrets.json.lock");
const holder = (more: object = {}): string =>
  JSON.stringify({
    owner: "another",
    pid: process.pid,
    host: hostname(),
    endsAt: Date.now() + 9_000,
    ...more,
  });
/** A process that has ended: numbers of processes go no further. */
const dead = { pid: 4_194_305 };

/** The world's clock, so much later than it is. */
function later(ms: number): void {
  const now = Date.now.bind(Date);
  vi.spyOn(Date, "now").mockImplementation(() => now() + ms);
}
afterEach(() => {
  vi.restoreAllMocks();
});

describe("a lock", () => {
  test("is there while the work runs, and nothing is left of it", async () => {
    const path = await lockPath();
    const seen = await underLock(path, async (assertMine) => {
      assertMine();
      return JSON.parse(readFileSync(path, "utf8"));
    });
    expect(seen).toMatchObject({ pid: process.pid, host: hostname() });
    expect(await readdir(dirname(path))).toEqual([]);
  });

  test.each([
    ["whose process has ended", () => holder(dead)],
    ["past its time", () => holder({ endsAt: Date.now() - 1 })],
    ["of another machine past its time", () => holder({ ...dead, host: "another", endsAt: Date.now() - 1 })],
  ])("%s is taken away", async (_, text) => {
    const path = await lockPath();
    await writeFile(path, text());
    expect(await underLock(path, async () => "done")).toBe("done");
    expect(await readdir(dirname(path))).toEqual([]);
  });

  test("that says nothing is taken away once it is old", async () => {
    const path = await lockPath();
    await writeFile(path, "");
    const old = new Date(Date.now() - 11_000);
    await utimes(path, old, old);
    expect(await underLock(path, async () => "done")).toBe("done");
  });

  test.each([
    ["whose process lives", () => holder()],
    ["of another machine, whose processes nobody knows", () => holder({ ...dead, host: "another" })],
    ["that says nothing and is young", () => ""],
  ])("%s is left alone, and who waits for it is told in the end", async (_, text) => {
    const path = await lockPath();
    const held = text();
    await writeFile(path, held);
    const waits = underLock(path, async () => "done");
    const outcome = waits.catch((thrown: unknown) => thrown);
    // Its holder goes on holding it, by a clock that has come so far.
    later(15_500);
    await writeFile(path, held === "" ? "" : holder({ ...JSON.parse(held), endsAt: Date.now() + 9_000 }));
    if (held === "") await utimes(path, new Date(Date.now()), new Date(Date.now()));
    expect(await outcome).toMatchObject({
      code: "state_unavailable",
      message: expect.stringContaining("Another process holds"),
    });
    expect(existsSync(path)).toBe(true);
  });

  test("does not live for longer because a clock was set back", async () => {
    const path = await lockPath();
    await writeFile(path, holder({ endsAt: Date.now() + 86_400_000 }));
    const now = Date.now.bind(Date);
    let asked = 0;
    // A clock on which time flies.
    vi.spyOn(Date, "now").mockImplementation(() => now() + 50 * ++asked);
    expect(await underLock(path, async () => "done")).toBe("done");
  });
});

describe("a holder", () => {
  test("past its time writes nothing, and leaves the lock to whose it is now", async () => {
    const path = await lockPath();
    const work = underLock(path, async (assertMine) => {
      later(9_000);
      await writeFile(path, holder());
      assertMine();
    });
    await expect(work).rejects.toMatchObject({
      code: "state_unavailable",
      message: expect.stringContaining("was lost"),
    });
    expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({ owner: "another" });
  });

  test("near its end writes nothing, although the lock is still its own", async () => {
    const path = await lockPath();
    const work = underLock(path, async (assertMine) => {
      later(9_000);
      assertMine();
    });
    await expect(work).rejects.toMatchObject({ code: "state_unavailable" });
  });

  test("whose lock was taken writes nothing, however young it is", async () => {
    const path = await lockPath();
    const work = underLock(path, async (assertMine) => {
      await writeFile(path, holder());
      assertMine();
    });
    await expect(work).rejects.toMatchObject({ code: "state_unavailable" });
    expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({ owner: "another" });
  });
});
