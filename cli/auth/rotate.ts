import { existsSync } from "node:fs";
import { CommandFailure } from "../failure.ts";
import { counted } from "../report/summary.ts";
import type { ExitCode, World } from "../world.ts";
import { keychainOf } from "./keychain.ts";
import { type KeyFlags, open } from "./open-store.ts";
import { findKeys, keychainKeys, newKey, noKey, type SecretKeys } from "./secret-key.ts";
import { storePath } from "./store-path.ts";

/** `connector auth rotate`: seals all records anew. A key in the keychain is changed for a new one on the way. */
export async function rotateCommand(flags: KeyFlags, world: World): Promise<ExitCode> {
  const path = storePath(world);
  if (!existsSync(path)) throw new CommandFailure(`there are no logins yet: ${path} does not exist`);
  const found = await findKeys(flags, world);
  if (!found)
    throw noKey(`the logins in ${path} are sealed, and their key is neither given nor in a keychain`);
  return found.from === "keychain" ? rotateKeychain(path, world) : rotate(path, found, world);
}

/** The keychain holds both keys until all is sealed with the new one, so that a crash on the way loses nothing. */
async function rotateKeychain(path: string, world: World): Promise<ExitCode> {
  const keychain = keychainOf(world.env);
  const fresh = newKey();
  const both = `${fresh},${await keychain.read()}`;
  if (!(await keychain.write(both)))
    throw new CommandFailure("the keychain does not take a new key; nothing was changed", 1);
  const code = await rotate(path, keychainKeys(both, world.env), world);
  // What could not be opened now may be opened later, by a key that is put back.
  if (code === 0 && !(await keychain.write(fresh)))
    throw new CommandFailure("the keychain still holds the key of before; run the command again", 1);
  return code;
}

async function rotate(path: string, keys: SecretKeys, world: World): Promise<ExitCode> {
  const store = await open(path, keys);
  try {
    const { sealed, unreadable } = await store.rotate();
    const rest = unreadable === 0 ? " Keys of before are not needed any more." : "";
    await world.stdout.write(`Sealed anew: ${counted(sealed, "record")}.${rest}\n`);
    if (unreadable === 0) return 0;
    await world.stderr.write(
      `${unreadable} more could not be opened with the keys that were given, and were left as they are\n`,
    );
    return 1;
  } finally {
    await store.close();
  }
}
