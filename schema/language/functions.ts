/** The closed list of template functions: what they take and give. Their work is done in `runtime/request/functions.ts`. */

export type FunctionName =
  | "base64"
  | "base64url"
  | "hex"
  | "url"
  | "lower"
  | "upper"
  | "trim"
  | "replace"
  | "json"
  | "md5"
  | "sha1"
  | "sha256"
  | "sha512"
  | "hmac_sha1"
  | "hmac_sha256"
  | "hmac_sha512"
  | "from_base64"
  | "from_hex"
  | "sign"
  | "jwt"
  | "now"
  | "uuid"
  | "default"
  | "path";

export interface FunctionSignature {
  /** As shown in messages. */
  readonly usage: string;
  readonly min: number;
  readonly max: number;
  readonly returns: "text" | "bytes";
  /** Whether an argument may be bytes (the result of a hash). */
  readonly takesBytes: boolean;
}

const text = (usage: string, min: number, max: number): FunctionSignature => ({
  usage,
  min,
  max,
  returns: "text",
  takesBytes: false,
});
const encoder = (usage: string): FunctionSignature => ({
  usage,
  min: 1,
  max: 1,
  returns: "text",
  takesBytes: true,
});
const decoder = (usage: string): FunctionSignature => ({
  usage,
  min: 1,
  max: 1,
  returns: "bytes",
  takesBytes: false,
});
const hash = (usage: string, arity: number): FunctionSignature => ({
  usage,
  min: arity,
  max: arity,
  returns: "bytes",
  takesBytes: true,
});

export const functions: { readonly [F in FunctionName]: FunctionSignature } = {
  base64: encoder("base64(value)"),
  base64url: encoder("base64url(value)"),
  hex: encoder("hex(value)"),
  url: text("url(value)", 1, 1),
  lower: text("lower(value)", 1, 1),
  upper: text("upper(value)", 1, 1),
  trim: text("trim(value)", 1, 1),
  replace: text("replace(value, search, replacement)", 3, 3),
  json: text("json(value)", 1, 1),
  md5: hash("md5(value)", 1),
  sha1: hash("sha1(value)", 1),
  sha256: hash("sha256(value)", 1),
  sha512: hash("sha512(value)", 1),
  hmac_sha1: hash("hmac_sha1(key, value)", 2),
  hmac_sha256: hash("hmac_sha256(key, value)", 2),
  hmac_sha512: hash("hmac_sha512(key, value)", 2),
  from_base64: decoder("from_base64(value)"),
  from_hex: decoder("from_hex(value)"),
  sign: hash("sign(alg, key, value)", 3),
  jwt: { ...text("jwt(alg, key, claims, header)", 3, 4), takesBytes: true },
  now: text("now(format, offset)", 0, 2),
  uuid: text("uuid()", 0, 0),
  default: text("default(value, fallback)", 2, 2),
  path: text("path(value)", 1, 1),
};

export function isFunctionName(name: string): name is FunctionName {
  return Object.hasOwn(functions, name);
}

/** Formats of `now`; `iso` is the default. */
export const nowFormats: readonly string[] = [
  "iso",
  "iso_seconds",
  "iso_basic",
  "date",
  "http",
  "rfc2822",
  "unix",
  "unix_ms",
];

/** Offset of `now` in milliseconds: `+300`, `-5m`, `1h`, `7d`; undefined where the text is none. */
export function parseOffset(source: string): number | undefined {
  const match = /^([+-]?)(\d{1,9})(ms|s|m|h|d)?$/.exec(source);
  if (!match) return undefined;
  const unit = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }[match[3] ?? "s"] ?? 1000;
  return Number(match[2]) * unit * (match[1] === "-" ? -1 : 1);
}

export const jwtAlgorithms: readonly string[] = [
  "HS256",
  "HS384",
  "HS512",
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
];
