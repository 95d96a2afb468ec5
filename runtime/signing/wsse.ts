/** The WSSE header of the Atom authentication scheme (OASIS WS-Security UsernameToken Profile 1.0, section 3). */
import { encodeBytes } from "../crypto/encoding.ts";
import { hash } from "../crypto/hash.ts";

export interface WsseKeys {
  readonly username: string;
  readonly password: string;
}

export interface WsseSettings {
  /** `base64`: the nonce's bytes are hashed and sent in base64 (the profile's own); `hex`: its hexadecimal text is. */
  readonly nonce: "base64" | "hex";
  /** `base64`: the digest's bytes in base64 (the profile's own); `hex`: base64 of its hexadecimal text. */
  readonly digest: "base64" | "hex";
}

/** The value of the `X-WSSE` header; `nonce` is 16 random bytes, `wall` Unix time in milliseconds. */
export function signWsse(
  { username, password }: WsseKeys,
  settings: WsseSettings,
  nonce: Uint8Array,
  wall: number,
): string {
  const created = `${new Date(wall).toISOString().slice(0, 19)}Z`;
  const text = new TextEncoder();
  const shown = encodeBytes(nonce, settings.nonce);
  const hashed = settings.nonce === "base64" ? nonce : text.encode(shown);
  const bytes = hash("sha1", join(hashed, text.encode(`${created}${password}`)));
  const digest = encodeBytes(settings.digest === "base64" ? bytes : encodeBytes(bytes, "hex"), "base64");
  return `UsernameToken Username="${quoted(username)}", PasswordDigest="${digest}", Nonce="${shown}", Created="${created}"`;
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}

/** RFC 9110, section 5.6.4. */
function quoted(text: string): string {
  return text.replace(/["\\]/g, "\\$&");
}
