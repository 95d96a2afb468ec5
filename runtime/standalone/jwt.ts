/** JSON Web Tokens under a shared secret; stands in for `crypto/jwt.ts` in a standalone client. */
import { encodeBytes } from "../crypto/encoding.ts";
import { hmac } from "../crypto/hash.ts";

/** Why a JSON Web Token could not be made; the message holds no key material. */
export class JwtProblem extends Error {}

/** A signed compact token (RFC 7515, section 7.1) by HS256 or HS512. */
export function signJwt(
  algorithm: string,
  key: string | Uint8Array,
  claims: object,
  keyId?: string,
  more: object = {},
): string {
  const header = { typ: "JWT", ...more, alg: algorithm, ...(keyId === undefined ? {} : { kid: keyId }) };
  const input = `${encodeBytes(JSON.stringify(header), "base64url")}.${encodeBytes(JSON.stringify(claims), "base64url")}`;
  return `${input}.${encodeBytes(signText(algorithm, key, input), "base64url")}`;
}

/** The signature of a text (RFC 7518, section 3.2). Private keys need Web Crypto, which answers too late for a template. */
export function signText(
  algorithm: string,
  key: string | Uint8Array,
  input: string | Uint8Array,
): Uint8Array {
  if (algorithm === "HS256") return hmac("sha256", key, input);
  if (algorithm === "HS512") return hmac("sha512", key, input);
  throw new JwtProblem(
    `The algorithm ${algorithm} is not in a standalone client. Build it with \`--mode runtime\`.`,
  );
}

export function signRsa(digest: "sha1" | "sha256"): never {
  throw new JwtProblem(`RSA with ${digest} is not in a standalone client. Build it with \`--mode runtime\`.`);
}
