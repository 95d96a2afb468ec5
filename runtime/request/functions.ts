import type { FunctionName } from "../../schema/language/functions.ts";
import { parseOffset } from "../../schema/language/functions.ts";
import { encodeBytes } from "../crypto/encoding.ts";
import { hash, hmac } from "../crypto/hash.ts";
import { JwtProblem, signJwt } from "../crypto/jwt.ts";
import { encodeComponent } from "./encode.ts";
import { toJson } from "./json.ts";
import { formatNow } from "./now.ts";
import { Refused } from "./refused.ts";
import type { Scope } from "./scope.ts";
import { toText } from "./text.ts";

/** One template function over its evaluated arguments; undefined where a needed argument is absent. */
export type TemplateFunction = (args: readonly unknown[], scope: Scope) => unknown;

/** What each function of the closed list does. `default` alone accepts an absent argument. */
export const templateFunctions: { readonly [F in FunctionName]: TemplateFunction } = {
  base64: ([value]) => encodeBytes(bytesOrText(value), "base64"),
  base64url: ([value]) => encodeBytes(bytesOrText(value), "base64url"),
  hex: ([value]) => encodeBytes(bytesOrText(value), "hex"),
  url: ([value]) => encodeComponent(toText(value)),
  lower: ([value]) => toText(value).toLowerCase(),
  upper: ([value]) => toText(value).toUpperCase(),
  trim: ([value]) => toText(value).trim(),
  json: ([value]) => toJson(value),
  md5: ([value]) => hash("md5", bytesOrText(value)),
  sha1: ([value]) => hash("sha1", bytesOrText(value)),
  sha256: ([value]) => hash("sha256", bytesOrText(value)),
  sha512: ([value]) => hash("sha512", bytesOrText(value)),
  hmac_sha1: ([key, value]) => hmac("sha1", bytesOrText(key), bytesOrText(value)),
  hmac_sha256: ([key, value]) => hmac("sha256", bytesOrText(key), bytesOrText(value)),
  hmac_sha512: ([key, value]) => hmac("sha512", bytesOrText(key), bytesOrText(value)),
  jwt: ([algorithm, key, claims]) => jwt(toText(algorithm), bytesOrText(key), claims),
  now: ([format, offset], scope) => now(scope.wall, format, offset),
  uuid: (_, scope) => scope.random.uuid(),
  default: ([value, fallback]) => value ?? fallback,
  path: ([value]) => toText(value).split("/").map(encodeComponent).join("/"),
};

function bytesOrText(value: unknown): string | Uint8Array {
  return value instanceof Uint8Array ? value : toText(value);
}

function now(wall: number, format: unknown, offset: unknown): string {
  const shift = offset === undefined ? 0 : parseOffset(toText(offset));
  if (shift === undefined) throw new Refused("is no offset of time such as +5m or -1h");
  return formatNow(wall + shift, format === undefined ? "iso" : toText(format));
}

function jwt(algorithm: string, key: string | Uint8Array, claims: unknown): string {
  try {
    return signJwt(algorithm, key, claimsOf(claims));
  } catch (thrown) {
    if (thrown instanceof JwtProblem)
      throw new Refused(`cannot sign a token. ${thrown.message.replace(/\.$/, "")}`);
    throw thrown;
  }
}

function claimsOf(claims: unknown): object {
  let value = claims;
  if (typeof claims === "string") {
    try {
      value = JSON.parse(claims);
    } catch {
      throw new Refused("makes claims that are no JSON object");
    }
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Refused("makes claims that are no JSON object");
  return value;
}
