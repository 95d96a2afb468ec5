/** AWS Signature Version 4, in the `Authorization` header (AWS, "Create a signed AWS API request"). */
import { encodeBytes } from "../crypto/encoding.ts";
import { hash, hmac } from "../crypto/hash.ts";
import type { Pair } from "../request/styles.ts";
import { decodeComponent, encodeStrict, hostOf, splitTarget, type Unsigned } from "./unsigned.ts";

export interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface AwsScope {
  /** As in the credential scope, such as `execute-api` or `s3`. */
  readonly service: string;
  readonly region: string;
}

/** Headers that hops may change or add: they are left out of the signature. */
const unsigned: ReadonlySet<string> = new Set([
  "authorization",
  "connection",
  "content-length",
  "expect",
  "keep-alive",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "user-agent",
  "x-amzn-trace-id",
]);

/** The headers that sign a request at `wall` (Unix time in milliseconds): date, token, hash of the body, signature. */
export function signAws(request: Unsigned, keys: AwsKeys, scope: AwsScope, wall: number): readonly Pair[] {
  const stamp = request.headers.find(({ name }) => name === "x-amz-date")?.value ?? stampOf(wall);
  const payload = hex(hash("sha256", request.body ?? ""));
  const own: Pair[] = [
    ...(request.headers.some(({ name }) => name === "x-amz-date")
      ? []
      : [{ name: "x-amz-date", value: stamp }]),
    // S3 demands the hash as a header of its own.
    ...(scope.service === "s3" ? [{ name: "x-amz-content-sha256", value: payload }] : []),
    ...(keys.sessionToken === undefined ? [] : [{ name: "x-amz-security-token", value: keys.sessionToken }]),
  ];
  const headers = canonicalHeaders(request, own);
  const names = headers.map(({ name }) => name).join(";");
  const canonical = [
    request.method,
    canonicalPath(splitTarget(request.target).path, scope.service),
    canonicalQuery(splitTarget(request.target).query),
    ...headers.map(({ name, value }) => `${name}:${value}`),
    "",
    names,
    payload,
  ].join("\n");
  const day = stamp.slice(0, 8);
  const credential = `${day}/${scope.region}/${scope.service}/aws4_request`;
  const toSign = ["AWS4-HMAC-SHA256", stamp, credential, hex(hash("sha256", canonical))].join("\n");
  const signature = hex(hmac("sha256", signingKey(keys.secretAccessKey, day, scope), toSign));
  return [
    ...own,
    {
      name: "authorization",
      value: `AWS4-HMAC-SHA256 Credential=${keys.accessKeyId}/${credential}, SignedHeaders=${names}, Signature=${signature}`,
    },
  ];
}

function stampOf(wall: number): string {
  return `${new Date(wall).toISOString().slice(0, 19).replace(/[-:]/g, "")}Z`;
}

function signingKey(secret: string, day: string, { region, service }: AwsScope): Uint8Array {
  return [day, region, service, "aws4_request"].reduce<Uint8Array>(
    (key, part) => hmac("sha256", key, part),
    new TextEncoder().encode(`AWS4${secret}`),
  );
}

/** Each name once, its values joined by commas in the order sent, blanks within a value as one. */
function canonicalHeaders(request: Unsigned, own: readonly Pair[]): readonly Pair[] {
  const values = new Map<string, string>([["host", hostOf(request)]]);
  for (const { name, value } of [...request.headers, ...own]) {
    if (unsigned.has(name) || name === "host") continue;
    const text = value.trim().replace(/ +/g, " ");
    const before = values.get(name);
    values.set(name, before === undefined ? text : `${before},${text}`);
  }
  return [...values].map(([name, value]) => ({ name, value })).sort((a, b) => byCode(a.name, b.name));
}

/** The path as sent, normalised and encoded once more; S3 takes it as it is. */
function canonicalPath(path: string, service: string): string {
  if (service === "s3") return path.split("/").map(decodeComponent).map(encodeStrict).join("/");
  const segments: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(encodeStrict(segment));
  }
  const end = segments.length > 0 && /\/\.{0,2}$/.test(path) ? "/" : "";
  return `/${segments.join("/")}${end}`;
}

function canonicalQuery(query: string): string {
  return query
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const equals = pair.indexOf("=");
      const [name, value] = equals < 0 ? [pair, ""] : [pair.slice(0, equals), pair.slice(equals + 1)];
      return [encodeStrict(decodeComponent(name)), encodeStrict(decodeComponent(value))] as const;
    })
    .sort(([a, x], [b, y]) => byCode(a, b) || byCode(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

function byCode(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function hex(bytes: Uint8Array): string {
  return encodeBytes(bytes, "hex");
}
