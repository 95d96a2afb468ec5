/** One writer at a time over the processes of a machine: a lock file that only one of them can make. */
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { lstat, readFile, unlink } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { codeOf, diskError, storeSilent } from "./file-error.ts";

/** Throws where the lock was lost: called right before what it guards becomes visible. */
export type AssertMine = () => void;

/** How long a holder may take before others take the lock from it, and how long they wait. Real time: it is between processes. */
const lifeMs = 10_000;
const patienceMs = 15_000;
/** A holder gives up so long before its end. */
const marginMs = 2_000;

interface Seen {
  /** Names this very lock: the owner, or for a file that says none, the file itself. */
  readonly id: string;
  readonly stale: boolean;
}

/** Runs `work` while no other process holds the lock file at `path`. */
export async function underLock<T>(path: string, work: (assertMine: AssertMine) => Promise<T>): Promise<T> {
  const owner = globalThis.crypto.randomUUID();
  const endsAt = await acquire(path, owner);
  try {
    return await work(() => {
      if (Date.now() > endsAt - marginMs || ownerIn(readText(path)) !== owner)
        throw storeSilent(`The lock ${path} was lost while writing; nothing was changed. Try again.`);
    });
  } finally {
    // Past its end, or once another has taken it, a lock is no longer the holder's to remove.
    if (Date.now() < endsAt - marginMs && ownerIn(readText(path)) === owner)
      await unlink(path).catch(() => undefined);
  }
}

async function acquire(path: string, owner: string): Promise<number> {
  const until = Date.now() + patienceMs;
  let met: { readonly id: string; readonly at: number } | undefined;
  for (;;) {
    const endsAt = Date.now() + lifeMs;
    if (create(path, JSON.stringify({ owner, pid: process.pid, host: hostname(), endsAt }))) return endsAt;
    const seen = await look(path);
    if (seen && seen.id !== met?.id) met = { id: seen.id, at: Date.now() };
    // What it says of its end is by another clock, or one that was set back since.
    const isOverdue = met !== undefined && Date.now() - met.at > lifeMs;
    if (seen && (seen.stale || isOverdue)) await takeAway(path, seen.id, isOverdue);
    else if (seen) {
      if (Date.now() > until)
        throw storeSilent(`Another process holds ${path} for a long time. Try again when it is done.`);
      await sleep(2 + Math.random() * 18);
    }
  }
}

/**
 * Makes a file that is not there yet. In one turn, so that a process that is stopped hardly leaves an empty one. On a full disk
 * the file is made and nothing written: left there, it would be a lock of nobody's that holds up all others.
 */
function create(path: string, text: string): boolean {
  let made: number | undefined;
  try {
    made = openSync(path, "wx", 0o600);
    writeFileSync(made, text);
    return true;
  } catch (thrown) {
    if (made !== undefined) rmSync(path, { force: true });
    else if (codeOf(thrown) === "EEXIST") return false;
    throw diskError(thrown, path, "written");
  } finally {
    if (made !== undefined) closeSync(made);
  }
}

async function look(path: string): Promise<Seen | undefined> {
  try {
    const { ino, mtimeMs } = await lstat(path);
    const text = await readFile(path, "utf8");
    const id = ownerIn(text) ?? `${ino}`;
    return { id, stale: isDead(text) || Date.now() > (endIn(text) ?? mtimeMs + lifeMs) };
  } catch (thrown) {
    if (codeOf(thrown) === "ENOENT") return undefined;
    throw diskError(thrown, path, "read");
  }
}

/**
 * Removes a lock whose holder is gone. Only who makes the claim on this very lock may do so, and looks once more
 * first: two that saw the same stale lock must not remove each other's new one.
 */
async function takeAway(path: string, id: string, isOverdue: boolean): Promise<void> {
  const claim = `${path}.${id.replace(/[^\w-]/g, "_")}`;
  if (!create(claim, "")) {
    const held = await look(claim);
    if (held?.stale) await unlink(claim).catch(() => undefined);
    else await sleep(5);
    return;
  }
  try {
    const again = await look(path);
    if (again?.id === id && (again.stale || isOverdue)) await unlink(path).catch(() => undefined);
  } finally {
    await unlink(claim).catch(() => undefined);
  }
}

function fieldIn(text: string, name: string): unknown {
  try {
    const data: unknown = JSON.parse(text);
    return typeof data === "object" && data !== null
      ? (Object.entries(data).find(([key]) => key === name)?.[1] as unknown)
      : undefined;
  } catch {
    // Its holder was stopped before it had written: the file's own age tells.
    return undefined;
  }
}

function ownerIn(text: string): string | undefined {
  const owner = fieldIn(text, "owner");
  return typeof owner === "string" ? owner : undefined;
}

function endIn(text: string): number | undefined {
  const end = fieldIn(text, "endsAt");
  return typeof end === "number" ? end : undefined;
}

/** True where the process that made the lock is known to have ended. */
function isDead(text: string): boolean {
  const pid = fieldIn(text, "pid");
  if (typeof pid !== "number" || fieldIn(text, "host") !== hostname()) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (thrown) {
    return codeOf(thrown) === "ESRCH";
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
