/** The key that logins are sealed with: from a file, a variable, or the keychain of the system. */
import { resolve } from "node:path";
import { fileReason, readBytes } from "../../compiler/disk-host.ts";
import { CommandFailure } from "../failure.ts";
import type { World } from "../world.ts";
import { keychainOf } from "./keychain.ts";

/** The key in use, keys of before, and where they are from. */
export interface SecretKeys {
  readonly key: Uint8Array;
  readonly previous: readonly Uint8Array[];
  readonly from: "file" | "environment" | "keychain";
}

const leastBytes = 32;

/** Makes a key as all sources take it. */
export function newKey(): string {
  return Buffer.from(globalThis.crypto.getRandomValues(new Uint8Array(leastBytes))).toString("base64");
}

/** The key that `--key-file` or a variable gives, without asking the keychain. */
export async function givenKeys(
  flags: { readonly keyFile?: string },
  world: World,
): Promise<SecretKeys | undefined> {
  const { env } = world;
  const previous = previousKeys(env);
  if (flags.keyFile !== undefined)
    return { key: decodeKey(await readKeyFile(flags.keyFile, world), flags.keyFile), previous, from: "file" };
  if (env.CONNECTOR_SECRETS_KEY)
    return {
      key: decodeKey(env.CONNECTOR_SECRETS_KEY, "CONNECTOR_SECRETS_KEY"),
      previous,
      from: "environment",
    };
  return undefined;
}

/** The key that is given, or lies in the keychain; undefined where there is none anywhere. */
export async function findKeys(
  flags: { readonly keyFile?: string },
  world: World,
): Promise<SecretKeys | undefined> {
  const given = await givenKeys(flags, world);
  if (given) return given;
  const text = await keychainOf(world.env).read();
  return text === undefined ? undefined : keychainKeys(text, world.env);
}

/** What the keychain holds: the key in use, then, where a change was cut off, the one before. */
export function keychainKeys(text: string, env: World["env"]): SecretKeys {
  const [first = "", ...rest] = text.trim().split(",");
  const decode = (one: string): Uint8Array => decodeKey(one, "the entry connectorc of the keychain");
  return {
    key: decode(first),
    previous: [...rest.map(decode), ...previousKeys(env)],
    from: "keychain",
  };
}

/** Says how a key is given, where there is none. */
export function noKey(why: string): CommandFailure {
  return new CommandFailure(
    `${why}; set CONNECTOR_SECRETS_KEY to at least ${leastBytes} random bytes in base64 or hex (\`openssl rand -base64 ${leastBytes}\` makes some) and keep them, or name a file that holds them with --key-file`,
  );
}

function previousKeys(env: World["env"]): readonly Uint8Array[] {
  const texts = (env.CONNECTOR_SECRETS_KEYS_PREVIOUS ?? "").split(/[\s,]+/).filter((text) => text !== "");
  return texts.map((text) => decodeKey(text, "CONNECTOR_SECRETS_KEYS_PREVIOUS"));
}

/** Hex where all of it is hex digits, else base64 in either alphabet. What it holds is never shown. */
function decodeKey(text: string, where: string): Uint8Array {
  const trimmed = text.trim();
  const isHex = /^(?:[0-9a-f]{2})+$/i.test(trimmed) && trimmed.length >= 2 * leastBytes;
  if (!isHex && !/^[A-Za-z0-9+/_-]+={0,2}$/.test(trimmed))
    throw new CommandFailure(`${where} holds no key in base64 or hex; ${advice}`);
  const bytes = Buffer.from(trimmed, isHex ? "hex" : "base64");
  if (bytes.length < leastBytes)
    throw new CommandFailure(
      `${where} holds a key of ${bytes.length} bytes, less than ${leastBytes}; ${advice}`,
    );
  return bytes;
}

const advice = `\`openssl rand -base64 ${leastBytes}\` makes one`;

async function readKeyFile(path: string, world: World): Promise<string> {
  const { stat } = await import("node:fs/promises");
  const full = resolve(world.cwd, path);
  try {
    const file = await stat(full);
    if (file.isFile() && (file.mode & 0o077) !== 0 && process.platform !== "win32")
      throw new CommandFailure(`others may read the key file ${path}; run \`chmod 600 ${path}\``);
    return new TextDecoder().decode(readBytes(full));
  } catch (error) {
    if (CommandFailure.is(error)) throw error;
    throw new CommandFailure(`cannot open the key file ${path}: ${fileReason(error)}; check the path`);
  }
}
