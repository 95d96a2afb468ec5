import type { Clock, StateKey, StoredSecret } from "../ports.ts";
import { type FileRecord, recordName, type SecretsDocument } from "./file-document.ts";
import type { AssertMine } from "./file-lock.ts";
import type { FileWatch } from "./file-watch.ts";
import type { WholeFile } from "./whole-file.ts";

/** What records need of their store. */
export interface RecordFiles {
  readonly secrets: WholeFile<SecretsDocument>;
  readonly clock: Clock;
  readonly watch: FileWatch;
  exclusive<T>(work: (assertMine: AssertMine) => Promise<T>): Promise<T>;
  /** The file as it is, once it is known to be this store's. */
  read(): Promise<SecretsDocument>;
}

export async function getRecord(files: RecordFiles, key: StateKey): Promise<StoredSecret | undefined> {
  const record = live(await files.read(), key, files.clock.wall());
  return record && { value: new Uint8Array(Buffer.from(record.value, "base64")), fence: record.fence };
}

/** Writes where the stored fence still is the given one; what has ended goes on the way. */
export function compareAndSet(
  files: RecordFiles,
  key: StateKey,
  fence: number,
  value: Uint8Array | undefined,
  ttlMs: number | undefined,
): Promise<number | undefined> {
  // The caller may change its bytes while the lock is waited for.
  const text = value === undefined ? undefined : Buffer.from(value).toString("base64");
  return files.exclusive(async (assertMine) => {
    const document = await files.read();
    const wall = files.clock.wall();
    if ((live(document, key, wall)?.fence ?? 0) !== fence) return undefined;
    const next = document.fence + 1;
    const records = new Map([...document.records].filter(([, record]) => isLive(record, wall)));
    const name = recordName(key);
    if (text === undefined) records.delete(name);
    else records.set(name, recordOf(key, next, text, ttlMs === undefined ? undefined : wall + ttlMs));
    await files.secrets.replace({ ...document, fence: next, records }, assertMine);
    files.watch.wrote(key, text === undefined ? 0 : next);
    return next;
  });
}

export function countRecords({ records }: SecretsDocument, wall: number): number {
  return [...records.values()].filter((record) => isLive(record, wall)).length;
}

function live({ records }: SecretsDocument, key: StateKey, wall: number): FileRecord | undefined {
  const record = records.get(recordName(key));
  return record && isLive(record, wall) ? record : undefined;
}

function isLive({ endsAt }: FileRecord, wall: number): boolean {
  return endsAt === undefined || wall < endsAt;
}

function recordOf(
  { tenant, kind, id }: StateKey,
  fence: number,
  value: string,
  endsAt: number | undefined,
): FileRecord {
  return { tenant, kind, id, fence, ...(endsAt === undefined ? {} : { endsAt }), value };
}
