/** What the template functions do, a sentence each. */
import type { FunctionName } from "../../schema/language/functions.ts";

export const functionWords: { readonly [F in FunctionName]: string } = {
  base64: "Base64 of the UTF-8 text, or of bytes.",
  base64url: "Base64 in the URL alphabet, without padding.",
  hex: "Lower-case hexadecimal of the UTF-8 text, or of bytes.",
  url: "Percent-encoded text; needed only where an API wants a value encoded inside another text.",
  lower: "The text in lower case.",
  upper: "The text in upper case.",
  trim: "The text without blanks at its ends.",
  replace: "The text with each occurrence of another replaced, literally.",
  json: "The value as JSON text.",
  md5: "The MD5 hash, as bytes: wrap it in hex or base64.",
  sha1: "The SHA-1 hash, as bytes: wrap it in hex or base64.",
  sha256: "The SHA-256 hash, as bytes: wrap it in hex or base64.",
  sha512: "The SHA-512 hash, as bytes: wrap it in hex or base64.",
  hmac_sha1: "The HMAC with SHA-1, as bytes: wrap it in hex or base64.",
  hmac_sha256: "The HMAC with SHA-256, as bytes: wrap it in hex or base64.",
  hmac_sha512: "The HMAC with SHA-512, as bytes: wrap it in hex or base64.",
  from_base64: "The bytes that a Base64 text stands for, such as those of a key.",
  from_hex: "The bytes that a hexadecimal text stands for, such as those of a key.",
  sign: "A signature of a text, as bytes: the algorithm written out, the key, the text.",
  jwt: "A signed token (RFC 7519): the algorithm written out, the key, the claims as a JSON object, and further header parameters as one.",
  now: "The time: iso, iso_seconds, iso_basic, date, http, rfc2822, unix or unix_ms, with an offset such as -5m.",
  uuid: "A random UUID.",
  default: "The value, or the fallback where it is absent.",
  path: "In a path: the value with its slashes kept, each segment encoded.",
};
