import type { Keyring } from "../crypto/keyring.ts";
import { type FileRecord, recordContext, type SecretsDocument } from "./file-document.ts";
import type { AssertMine } from "./file-lock.ts";
import type { WholeFile } from "./whole-file.ts";

/** What became of the records of a store when its keys changed. */
export interface Rotation {
  /** Sealed with the current key now. */
  readonly sealed: number;
  /** Opened by none of the keys that were given; left as they are. */
  readonly unreadable: number;
}

/** Seals the header and all records with the keyring's current key, in one write; fences stay. */
export async function sealAnew(
  store: {
    readonly secrets: WholeFile<SecretsDocument>;
    readonly read: () => Promise<SecretsDocument>;
    readonly keyring: Keyring;
    readonly names: { readonly key: Uint8Array };
    readonly namesContext: string;
  },
  assertMine: AssertMine,
): Promise<Rotation> {
  const { secrets, read, keyring, names, namesContext } = store;
  const document = await read();
  const anew = [...document.records].map(([name, record]) => ({
    name,
    record,
    sealed: reseal(record, keyring),
  }));
  await secrets.replace(
    {
      ...document,
      names: base64(keyring.seal(base64(names.key), namesContext)),
      records: new Map(anew.map(({ name, record, sealed }) => [name, sealed ?? record])),
    },
    assertMine,
  );
  const sealed = anew.filter((one) => one.sealed !== undefined).length;
  return { sealed, unreadable: anew.length - sealed };
}

function reseal(record: FileRecord, keyring: Keyring): FileRecord | undefined {
  const context = recordContext(record);
  const text = keyring.open(Buffer.from(record.value, "base64"), context);
  return text === undefined ? undefined : { ...record, value: base64(keyring.seal(text, context)) };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
