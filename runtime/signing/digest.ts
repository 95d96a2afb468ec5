/** HTTP Digest authentication (RFC 7616). */
import { encodeBytes } from "../crypto/encoding.ts";
import { hashText } from "../crypto/hash.ts";
import { parseChallenges } from "./challenge.ts";
import type { Unsigned } from "./unsigned.ts";

export interface DigestKeys {
  readonly username: string;
  readonly password: string;
}

/** What a server asked for; `nc` counts the requests that used its nonce. */
export interface DigestChallenge {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | undefined;
  readonly algorithm: DigestAlgorithm;
  /** As the server spelt it, and sent back so. */
  readonly spelling: string | undefined;
  /** Absent in the older form of RFC 2069. */
  readonly qop: "auth" | "auth-int" | undefined;
  readonly userhash: boolean;
  /** The nonce was good once: the credentials may be, too. */
  readonly stale: boolean;
}

export type DigestAlgorithm = `${"md5" | "sha256" | "sha512-256"}${"" | "-sess"}`;

const algorithms: ReadonlyMap<string, DigestAlgorithm> = new Map([
  ["md5", "md5"],
  ["md5-sess", "md5-sess"],
  ["sha-256", "sha256"],
  ["sha-256-sess", "sha256-sess"],
  ["sha-512-256", "sha512-256"],
  ["sha-512-256-sess", "sha512-256-sess"],
]);
const strength: readonly string[] = ["md5", "sha256", "sha512-256"];

/** The strongest digest challenge that can be met; undefined where there is none (RFC 7616, section 3.7). */
export function digestChallenge(header: string): DigestChallenge | undefined {
  return parseChallenges(header)
    .flatMap(({ scheme, parameters }) => (scheme === "digest" ? (readChallenge(parameters) ?? []) : []))
    .sort((a, b) => rank(b) - rank(a))[0];
}

function rank({ algorithm }: DigestChallenge): number {
  return strength.indexOf(algorithm.replace("-sess", ""));
}

function readChallenge(parameters: ReadonlyMap<string, string>): DigestChallenge | undefined {
  const nonce = parameters.get("nonce");
  const spelling = parameters.get("algorithm");
  const algorithm = algorithms.get((spelling ?? "MD5").toLowerCase());
  const offered = parameters
    .get("qop")
    ?.split(",")
    .map((text) => text.trim().toLowerCase());
  const qop = offered?.includes("auth") ? "auth" : offered?.includes("auth-int") ? "auth-int" : undefined;
  if (nonce === undefined || !algorithm || (offered && !qop)) return undefined;
  return {
    realm: parameters.get("realm") ?? "",
    nonce,
    opaque: parameters.get("opaque"),
    algorithm,
    spelling,
    qop,
    userhash: parameters.get("userhash")?.toLowerCase() === "true",
    stale: parameters.get("stale")?.toLowerCase() === "true",
  };
}

/** The value of the `Authorization` header; `count` is that of requests under this nonce, this one included. */
export function signDigest(
  request: Unsigned,
  { username, password }: DigestKeys,
  challenge: DigestChallenge,
  { cnonce, count }: { readonly cnonce: string; readonly count: number },
): string {
  const { realm, nonce, qop, opaque } = challenge;
  const digest = digestOf(challenge.algorithm);
  const nc = count.toString(16).padStart(8, "0");
  const secret = digest(`${username}:${realm}:${password}`);
  const a1 = challenge.algorithm.endsWith("-sess") ? digest(`${secret}:${nonce}:${cnonce}`) : secret;
  const entity = qop === "auth-int" ? `:${digest(request.body ?? "")}` : "";
  const a2 = digest(`${request.method}:${request.target}${entity}`);
  const response = digest(
    qop === undefined ? `${a1}:${nonce}:${a2}` : `${a1}:${nonce}:${nc}:${cnonce}:${qop}:${a2}`,
  );
  const user = challenge.userhash ? quote(digest(`${username}:${realm}`)) : userName(username);
  return `Digest ${[
    challenge.userhash || /^[\x20-\x7e]*$/.test(username) ? `username=${user}` : `username*=${user}`,
    `realm=${quote(realm)}`,
    `uri=${quote(request.target)}`,
    ...(challenge.spelling === undefined ? [] : [`algorithm=${challenge.spelling}`]),
    `nonce=${quote(nonce)}`,
    ...(qop === undefined ? [] : [`nc=${nc}`, `cnonce=${quote(cnonce)}`, `qop=${qop}`]),
    `response=${quote(response)}`,
    ...(opaque === undefined ? [] : [`opaque=${quote(opaque)}`]),
    ...(challenge.userhash ? ["userhash=true"] : []),
  ].join(", ")}`;
}

function digestOf(algorithm: DigestAlgorithm): (value: string | Uint8Array) => string {
  const name = algorithm.replace("-sess", "");
  return (value) =>
    encodeBytes(
      hashText(name === "sha512-256" ? "sha512-256" : name === "sha256" ? "sha256" : "md5", value),
      "hex",
    );
}

/** RFC 7616, section 3.4.4: a name beyond ASCII is an extended value (RFC 8187). */
function userName(name: string): string {
  return /^[\x20-\x7e]*$/.test(name)
    ? quote(name)
    : `UTF-8''${encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)}`;
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
