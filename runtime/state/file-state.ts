/** A state whose secrets lie encrypted in one file, which the processes of a machine share; limits stay in memory. */
import { systemClock } from "../clock.ts";
import { createKeyring, type Keyring, type SecretsOptions } from "../crypto/keyring.ts";
import type { Clock, State } from "../ports.ts";
import { systemRandom } from "../random.ts";
import { prepareFolder, sweepTemporaries } from "./file-disk.ts";
import {
  formatLeases,
  formatSecrets,
  type LeasesDocument,
  noSecrets,
  parseLeases,
  parseSecrets,
  type SecretsDocument,
} from "./file-document.ts";
import { storeFault } from "./file-error.ts";
import { FileLeases } from "./file-leases.ts";
import { type AssertMine, underLock } from "./file-lock.ts";
import { compareAndSet, countRecords, getRecord, type RecordFiles } from "./file-records.ts";
import { type Rotation, sealAnew } from "./file-rotation.ts";
import { FileWatch } from "./file-watch.ts";
import { createMemoryState } from "./memory-state.ts";
import { WholeFile } from "./whole-file.ts";

export interface FileStateOptions {
  /** The file. It is made where it is missing (mode 0600), with its folder (0700); `<path>.leases` and `<path>.lock` stand beside it. */
  readonly path: string;
  /** At least 16 bytes, better 32 random ones, kept elsewhere than the file. */
  readonly key: string | Uint8Array;
  /** Keys of before: they still open what they sealed. */
  readonly previous?: readonly (string | Uint8Array)[];
  readonly clock?: Clock;
}

/** The state, and what a runtime that uses it must be given as `secrets`. */
export interface FileState extends State {
  readonly secrets: SecretsOptions;
  /** Seals every record anew under `key`, so that the keys of before may be thrown away. */
  rotate(): Promise<Rotation>;
}

const pollMs = 1_000;
const namesContext = "connectorc names";

/**
 * Opens the store at `path`, or makes it. Rejects with a `ConnectorError` (`configuration`) where the file is not fit
 * to hold secrets, is no such store, or was sealed with another key; it is never emptied on the way.
 */
export async function createFileState(options: FileStateOptions): Promise<FileState> {
  const { path, key, previous = [], clock = systemClock } = options;
  const keyring = createKeyring({ key, previous }, systemRandom);
  await prepareFolder(path);
  const secrets = new WholeFile<SecretsDocument>({
    path,
    durable: true,
    empty: noSecrets,
    parse: (text) => parseSecrets(text, path),
    format: formatSecrets,
  });
  const leases = new WholeFile<LeasesDocument>({
    path: `${path}.leases`,
    durable: false,
    empty: new Map(),
    parse: parseLeases,
    format: formatLeases,
  });
  const inTurn = createTurns();
  const exclusive = <T>(work: (assertMine: AssertMine) => Promise<T>): Promise<T> =>
    inTurn(() => underLock(`${path}.lock`, work));
  const names = await exclusive((assertMine) => openNames(path, secrets, keyring, assertMine));

  const watch = new FileWatch({
    path,
    clock,
    pollMs,
    last: () => ({ secrets: secrets.last, leases: leases.last }),
    look: () =>
      inTurn(async () => {
        await secrets.read();
        await leases.read();
      }),
  });
  const read = async (): Promise<SecretsDocument> => {
    const document = await secrets.read();
    if (document.names === "") return { ...document, names: names.sealed };
    if (document.names !== names.sealed) checkNames(path, document, names, keyring);
    return document;
  };
  const files: RecordFiles = { secrets, clock, watch, exclusive, read };
  const leasing = new FileLeases({ leases, clock, watch, exclusive });
  const limits = createMemoryState({ clock });
  return {
    secrets: { key, previous, names: names.key },
    rotate: () =>
      exclusive((assertMine) => sealAnew({ secrets, read, keyring, names, namesContext }, assertMine)),
    admit: limits.admit,
    refund: limits.refund,
    earliest: limits.earliest,
    trial: limits.trial,
    release: limits.release,
    feedback: limits.feedback,
    getSecret: (one) => getRecord(files, one),
    compareAndSet: (one, fence, value, ttlMs) => compareAndSet(files, one, fence, value, ttlMs),
    lease: (one, ttlMs) => leasing.lease(one, ttlMs),
    subscribe: (one, changed) => watch.subscribe(one, changed),
    inspect: async () => ({
      limits: limits.inspect().limits,
      secrets: countRecords(await read(), clock.wall()),
    }),
    close: async () => {
      watch.close();
      leasing.close();
      limits.close();
      await inTurn(() => Promise.resolve());
    },
  };
}

/** The key from which record names are made: it stays when the sealing key changes, or nothing would be found again. */
interface Names {
  readonly key: Uint8Array;
  readonly sealed: string;
}

async function openNames(
  path: string,
  secrets: WholeFile<SecretsDocument>,
  keyring: Keyring,
  assertMine: AssertMine,
): Promise<Names> {
  await sweepTemporaries(path);
  await sweepTemporaries(`${path}.leases`);
  const document = await secrets.read();
  if (document.names !== "") return { key: namesIn(path, document, keyring), sealed: document.names };
  const key = systemRandom.bytes(32);
  const sealed = Buffer.from(keyring.seal(Buffer.from(key).toString("base64"), namesContext)).toString(
    "base64",
  );
  await secrets.replace({ ...document, names: sealed }, assertMine);
  return { key, sealed };
}

function namesIn(path: string, document: SecretsDocument, keyring: Keyring): Uint8Array {
  const text = keyring.open(Buffer.from(document.names, "base64"), namesContext);
  if (text === undefined)
    throw storeFault(
      `The credential store ${path} was sealed with another key. Give that key, beside a new one among the previous keys; without it, move the file away and sign in again.`,
    );
  return Buffer.from(text, "base64");
}

/** The header changes when another process rotates the keys; it must not be another store's. */
function checkNames(path: string, document: SecretsDocument, names: Names, keyring: Keyring): void {
  if (!Buffer.from(names.key).equals(namesIn(path, document, keyring)))
    throw storeFault(`Another store has taken the place of ${path} while it was in use. Start anew.`);
}

/** Runs works one after another. */
function createTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work, work);
    last = turn.catch(() => undefined);
    return turn;
  };
}
