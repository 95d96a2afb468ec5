import { constants, createHmac, createPrivateKey, type KeyObject, sign } from "node:crypto";
import { encodeBytes } from "./encoding.ts";

/** Why a JSON Web Token could not be made; the message holds no key material. */
export class JwtProblem extends Error {}

/** A signed compact token (RFC 7515, section 7.1). The key is a shared secret for HS*, else a private key in PEM or JWK. */
export function signJwt(
  algorithm: string,
  key: string | Uint8Array,
  claims: object,
  keyId?: string,
  more: object = {},
): string {
  const header = { typ: "JWT", ...more, alg: algorithm, ...(keyId === undefined ? {} : { kid: keyId }) };
  const input = `${segment(JSON.stringify(header))}.${segment(JSON.stringify(claims))}`;
  return `${input}.${segment(signText(algorithm, key, input))}`;
}

function segment(value: string | Uint8Array): string {
  return encodeBytes(value, "base64url");
}

/** The signature of a text by one of the algorithms of RFC 7518, section 3, or RFC 8037. */
export function signText(
  algorithm: string,
  key: string | Uint8Array,
  input: string | Uint8Array,
): Uint8Array {
  const digest = `sha${algorithm.slice(2)}`;
  switch (algorithm.slice(0, 2)) {
    case "HS":
      return createHmac(digest, key).update(input).digest();
    case "RS":
      return sign(digest, bytesOf(input), {
        key: privateKey(key, ["rsa"]),
        padding: constants.RSA_PKCS1_PADDING,
      });
    case "PS":
      // RFC 7518, section 3.5: the salt is as long as the hash.
      return sign(digest, bytesOf(input), {
        key: privateKey(key, ["rsa", "rsa-pss"]),
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
      });
    case "ES":
      // RFC 7518, section 3.4: R and S side by side, not DER.
      return sign(digest, bytesOf(input), { key: privateKey(key, ["ec"]), dsaEncoding: "ieee-p1363" });
    case "Ed":
      return sign(null, bytesOf(input), privateKey(key, ["ed25519", "ed448"]));
    default:
      throw new JwtProblem(`The algorithm ${algorithm} is not known.`);
  }
}

function bytesOf(input: string | Uint8Array): Uint8Array {
  return typeof input === "string" ? Buffer.from(input) : input;
}

/** RSASSA-PKCS1-v1_5 over a text, with a private key in PEM or JWK (RFC 5849, section 3.4.3). */
export function signRsa(digest: "sha1" | "sha256", key: string, text: string): Uint8Array {
  return sign(digest, Buffer.from(text), {
    key: privateKey(key, ["rsa"]),
    padding: constants.RSA_PKCS1_PADDING,
  });
}

function privateKey(source: string | Uint8Array, types: readonly string[]): KeyObject {
  const key = readKey(typeof source === "string" ? source : Buffer.from(source).toString("utf8"));
  if (!types.includes(key.asymmetricKeyType ?? "")) {
    throw new JwtProblem(
      `The key is of type ${key.asymmetricKeyType ?? "unknown"}; ${types.join(" or ")} is needed.`,
    );
  }
  return key;
}

function readKey(text: string): KeyObject {
  try {
    if (text.trimStart().startsWith("{")) return createPrivateKey({ key: JSON.parse(text), format: "jwk" });
    // Keys that were pasted into one line carry `\n` as two characters.
    return createPrivateKey(text.includes("\\n") ? text.replaceAll("\\n", "\n") : text);
  } catch {
    throw new JwtProblem("The key is no private key in PEM or JWK form.");
  }
}
