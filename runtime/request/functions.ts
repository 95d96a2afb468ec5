import type { FunctionName } from "../../schema/language/functions.ts";
import { parseOffset } from "../../schema/language/functions.ts";
import { decodeBytes, encodeBytes } from "../crypto/encoding.ts";
import { hash, hmac } from "../crypto/hash.ts";
import { JwtProblem, signJwt, signText } from "../crypto/jwt.ts";
import { encodeComponent } from "./component.ts";
import { formatNow } from "./now.ts";
import { Refused } from "./refused.ts";
import type { Scope } from "./scope.ts";
import { toText } from "./text.ts";
import { toJson } from "./to-json.ts";

/** One template function over its evaluated arguments; undefined where a needed argument is absent. */
export type TemplateFunction = (args: readonly unknown[], scope: Pick<Scope, "time" | "random">) => unknown;

/** What each function of the closed list does. `default` alone accepts an absent argument. */
export const templateFunctions: { readonly [F in FunctionName]: TemplateFunction } = {
  base64: ([value]) => encodeBytes(bytesOrText(value), "base64"),
  base64url: ([value]) => encodeBytes(bytesOrText(value), "base64url"),
  hex: ([value]) => encodeBytes(bytesOrText(value), "hex"),
  url: ([value]) => encodeComponent(toText(value)),
  lower: ([value]) => toText(value).toLowerCase(),
  upper: ([value]) => toText(value).toUpperCase(),
  trim: ([value]) => toText(value).trim(),
  replace: ([value, search, replacement]) => replaceAll(toText(value), toText(search), toText(replacement)),
  concat: (values) => joined(values.map(bytesOrText)),
  json: ([value]) => toJson(value),
  md5: ([value]) => hash("md5", bytesOrText(value)),
  sha1: ([value]) => hash("sha1", bytesOrText(value)),
  sha256: ([value]) => hash("sha256", bytesOrText(value)),
  sha512: ([value]) => hash("sha512", bytesOrText(value)),
  hmac_sha1: ([key, value]) => hmac("sha1", bytesOrText(key), bytesOrText(value)),
  hmac_sha256: ([key, value]) => hmac("sha256", bytesOrText(key), bytesOrText(value)),
  hmac_sha512: ([key, value]) => hmac("sha512", bytesOrText(key), bytesOrText(value)),
  from_base64: ([value]) => decoded(toText(value), "base64"),
  from_hex: ([value]) => decoded(toText(value), "hex"),
  sign: ([algorithm, key, value]) =>
    signing("text", () => signText(toText(algorithm), bytesOrText(key), bytesOrText(value))),
  jwt: ([algorithm, key, claims, header]) =>
    signing("token", () =>
      signJwt(
        toText(algorithm),
        bytesOrText(key),
        objectOf("claims", claims),
        undefined,
        header === undefined ? {} : objectOf("header", header),
      ),
    ),
  now: ([format, offset], scope) => now(scope.time.wall(), format, offset),
  uuid: (_, scope) => scope.random.uuid(),
  default: ([value, fallback]) => value ?? fallback,
  path: ([value]) => toText(value).split("/").map(encodeComponent).join("/"),
};

/** Literally: no pattern, and no `$&` in the replacement. Of an empty text there is nothing to replace. */
function replaceAll(text: string, search: string, replacement: string): string {
  return search === "" ? text : text.replaceAll(search, () => replacement);
}

/** Texts by their UTF-8 bytes. */
function joined(values: readonly (string | Uint8Array)[]): Uint8Array {
  const encoder = new TextEncoder();
  const parts = values.map((value) => (typeof value === "string" ? encoder.encode(value) : value));
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function bytesOrText(value: unknown): string | Uint8Array {
  return value instanceof Uint8Array ? value : toText(value);
}

function now(wall: number, format: unknown, offset: unknown): string {
  const shift = offset === undefined ? 0 : parseOffset(toText(offset));
  if (shift === undefined) throw new Refused("is no offset of time such as +5m or -1h");
  return formatNow(wall + shift, format === undefined ? "iso" : toText(format));
}

function decoded(text: string, encoding: "base64" | "hex"): Uint8Array {
  const bytes = decodeBytes(text, encoding);
  if (!bytes) throw new Refused(`is no ${encoding === "hex" ? "hexadecimal" : "Base64"} text`);
  return bytes;
}

function signing<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof JwtProblem)
      throw new Refused(`cannot sign a ${what}. ${thrown.message.replace(/\.$/, "")}`);
    throw thrown;
  }
}

function objectOf(what: "claims" | "header", given: unknown): object {
  let value = given;
  if (typeof given === "string") {
    try {
      value = JSON.parse(given);
    } catch {
      throw notAnObject(what);
    }
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw notAnObject(what);
  return value;
}

function notAnObject(what: "claims" | "header"): Refused {
  return new Refused(`makes ${what === "claims" ? "claims that are" : "a header that is"} no JSON object`);
}
