import { createHash, createHmac } from "node:crypto";

/** Digests that templates may name. */
export type HashName = "md5" | "sha1" | "sha256" | "sha512";

export function hash(name: HashName, value: string | Uint8Array): Uint8Array {
  return createHash(name).update(value).digest();
}

/** RFC 2104. */
export function hmac(
  name: "sha1" | "sha256" | "sha512",
  key: string | Uint8Array,
  value: string | Uint8Array,
): Uint8Array {
  return createHmac(name, key).update(value).digest();
}

/** Digests of HTTP Digest authentication (RFC 7616, section 6.1). */
export function hashText(name: "md5" | "sha256" | "sha512-256", value: string | Uint8Array): Uint8Array {
  return createHash(name).update(value).digest();
}
