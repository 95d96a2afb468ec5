import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync } from "node:crypto";
import { ConnectorError } from "../errors.ts";
import type { Random } from "../ports.ts";

/** Keys of the runtime's secret store; a shared store needs the same key in every process. */
export interface SecretsOptions {
  /** At least 16 bytes (or characters) of a secret kept outside the store. Default: random for each runtime. */
  readonly key?: string | Uint8Array;
  /** Keys of before: they still open what they sealed. */
  readonly previous?: readonly (string | Uint8Array)[];
  /**
   * Key of the names that records have in a store; default: `key`. With one of its own `key` may change, and what was
   * stored is still found.
   */
  readonly names?: string | Uint8Array;
}

/** Keyed hashes for cache keys and fingerprints, and sealing for what is stored. */
export interface Keyring {
  /** HMAC-SHA256 over length-prefixed parts, so that ("a", "bc") and ("ab", "c") differ; base64url. */
  digest(parts: readonly string[]): string;
  /** AES-256-GCM; `context` (the entry's own key) is authenticated, so that entries cannot change places. */
  seal(text: string, context: string): Uint8Array;
  /** The text, or undefined where no key opens it: the entry is then as good as absent. */
  open(sealed: Uint8Array, context: string): string | undefined;
}

interface Key {
  readonly id: Buffer;
  readonly seal: Buffer;
}

const version = 1;
const idLength = 4;
const ivLength = 12;
const tagLength = 16;

export function createKeyring(options: SecretsOptions | undefined, random: Random): Keyring {
  const current = options?.key ?? random.bytes(32);
  const sealing = deriveKey(current);
  const keys = [sealing, ...(options?.previous ?? []).map(deriveKey)];
  const hashKey = derive(options?.names ?? current, "connectorc digest");
  return {
    digest: (parts) => digest(hashKey, parts),
    seal: (text, context) => seal(sealing, text, context, random.bytes(ivLength)),
    open: (sealed, context) => open(keys, sealed, context),
  };
}

function derive(key: string | Uint8Array, purpose: string): Buffer {
  const bytes = typeof key === "string" ? Buffer.from(key, "utf8") : key;
  if (bytes.length < 16) {
    throw new ConnectorError({
      code: "configuration",
      phase: "configuration",
      message: "The key under `secrets` is too short. Give at least 16 random bytes.",
    });
  }
  // RFC 5869: one secret, a key for each purpose.
  return Buffer.from(hkdfSync("sha256", bytes, "", purpose, 32));
}

function deriveKey(key: string | Uint8Array): Key {
  const sealing = derive(key, "connectorc seal");
  return { seal: sealing, id: createHash("sha256").update(sealing).digest().subarray(0, idLength) };
}

function digest(key: Buffer, parts: readonly string[]): string {
  const mac = createHmac("sha256", key);
  for (const part of parts) mac.update(`${Buffer.byteLength(part)}:`).update(part);
  return mac.digest("base64url");
}

/** Record: version, key id, IV, tag, ciphertext. */
function seal(key: Key, text: string, context: string, iv: Uint8Array): Uint8Array {
  const cipher = createCipheriv("aes-256-gcm", key.seal, iv).setAAD(Buffer.from(context));
  const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return Buffer.concat([Uint8Array.of(version), key.id, iv, cipher.getAuthTag(), body]);
}

function open(keys: readonly Key[], sealed: Uint8Array, context: string): string | undefined {
  const record = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  const bodyStart = 1 + idLength + ivLength + tagLength;
  if (record.length < bodyStart || record[0] !== version) return undefined;
  const id = record.subarray(1, 1 + idLength);
  const key = keys.find((candidate) => candidate.id.equals(id));
  if (!key) return undefined;
  const iv = record.subarray(1 + idLength, 1 + idLength + ivLength);
  try {
    const decipher = createDecipheriv("aes-256-gcm", key.seal, iv)
      .setAAD(Buffer.from(context))
      .setAuthTag(record.subarray(1 + idLength + ivLength, bodyStart));
    return decipher.update(record.subarray(bodyStart), undefined, "utf8") + decipher.final("utf8");
  } catch {
    // Tampered with, or another entry's record: as good as absent.
    return undefined;
  }
}
