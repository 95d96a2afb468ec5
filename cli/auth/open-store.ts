import { existsSync } from "node:fs";
import { ConnectorError, createFileState, type FileState } from "../../runtime/index.ts";
import { CommandFailure } from "../failure.ts";
import type { World } from "../world.ts";
import { keychainOf } from "./keychain.ts";
import { findKeys, givenKeys, keychainKeys, newKey, noKey, type SecretKeys } from "./secret-key.ts";
import { knownStorePath, storePath } from "./store-path.ts";

export interface KeyFlags {
  readonly keyFile?: string;
}

/** The store where there is one, or, with `make`, a key was given for it. */
export async function openStore(
  flags: KeyFlags,
  world: World,
  make: boolean,
): Promise<FileState | undefined> {
  const path = knownStorePath(world);
  if (path === undefined) return undefined;
  if (existsSync(path)) return open(path, (await findKeys(flags, world)) ?? missing(path));
  const keys = make ? await givenKeys(flags, world) : undefined;
  return keys && open(path, keys);
}

/** The store, made where it is missing; its key too, in the keychain. */
export async function openOrMakeStore(flags: KeyFlags, world: World): Promise<FileState> {
  const path = storePath(world);
  const found = await findKeys(flags, world);
  if (found) return open(path, found);
  // A store that has lost its key is no reason to make another.
  if (existsSync(path)) missing(path);
  const text = newKey();
  if (!(await keychainOf(world.env).write(text)))
    throw noKey("there is no keychain on this system that keeps the key of logins");
  return open(path, keychainKeys(text, world.env));
}

/** Opens the file; what is wrong with it is the user's to mend. */
export async function open(path: string, { key, previous }: SecretKeys): Promise<FileState> {
  try {
    return await createFileState({ path, key, previous });
  } catch (error) {
    if (!ConnectorError.is(error)) throw error;
    const hint = error.message.includes("another key")
      ? " The key comes from --key-file, else CONNECTOR_SECRETS_KEY, else the keychain; keys of before from CONNECTOR_SECRETS_KEYS_PREVIOUS."
      : "";
    throw new CommandFailure(`${error.message}${hint}`);
  }
}

function missing(path: string): never {
  throw noKey(`the logins in ${path} are sealed, and their key is neither given nor in a keychain`);
}
