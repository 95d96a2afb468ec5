/** Requests that arrived, in the form in which they are compared. */
import type { ReceivedRequest } from "../../../runtime/testing/index.ts";
import type { Entry } from "./catalogue.ts";
import { sortedForm, sortedJson, type Wanted } from "./expected.ts";

/** What a signed token says; its `jti` and its signature differ each time. */
export function shown(header: object, claims: object): string {
  const { jti: _, ...rest } = claims as Readonly<Record<string, unknown>>;
  const sorted = (value: object): string => sortedJson(JSON.stringify(value));
  return `jwt-${Buffer.from(`${sorted(header)}.${sorted(rest)}`).toString("base64url")}`;
}

function withoutSignatures(textOf: string): string {
  return textOf.replace(/eyJ[\w-]+\.(?:eyJ[\w-]+)\.[\w-]+/g, (token) => {
    const [header = "", claims = ""] = token.split(".");
    const read = (part: string): object => JSON.parse(Buffer.from(part, "base64url").toString()) as object;
    return shown(read(header), read(claims));
  });
}

const everywhere: ReadonlySet<string> = new Set([
  "accept",
  "accept-encoding",
  "connection",
  "content-length",
  "host",
  "user-agent",
  "x-meant-for",
]);

/** A request as text. */
export function wireOf(entry: Entry, request: ReceivedRequest): string {
  const { method, target, headers } = request;
  const lines = Object.entries(headers)
    .filter(([name]) => !everywhere.has(name))
    .map(([name, value]) => `${name}: ${masked(entry, name, withoutSignatures(value ?? ""))}`)
    .sort();
  const body = withoutSignatures(request.text).replace(/(code_verifier(?:=|":"))[\w-]{43}/, "$1(verifier)");
  return [
    `${method} ${headers["x-meant-for"] ?? ""}${target}`,
    ...lines,
    ...(body === "" ? [] : [body]),
  ].join("\n");
}

/** Random ids as a word; a star is itself with or without an escape (RFC 3986, section 2.2). */
export function plain(url: string): string {
  return url
    .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?=&|$)/g, "%28random%29")
    .replaceAll("%2A", "*");
}

/** A request with its lists in order. */
export function wantedOf(entry: Entry, request: ReceivedRequest): Wanted {
  const [path = "", query = ""] = request.target.split("?");
  const sorted = query.split("&").sort().join("&");
  const { "x-meant-for": origin = "", ...headers } = request.headers as Readonly<Record<string, string>>;
  const type = headers["content-type"] ?? "";
  const body = withoutSignatures(request.text);
  return {
    method: request.method,
    url: plain(`${origin}${path}${query === "" ? "" : `?${sorted}`}`),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, masked(entry, name, withoutSignatures(value))]),
    ),
    body: type.includes("form")
      ? sortedForm(body)
      : type.includes("json") && body !== ""
        ? sortedJson(body)
        : body,
  };
}

/** Signatures with a nonce or a time: what they are made of is tested where they are made. */
function masked(entry: Entry, name: string, value: string): string {
  const signed = /^(OAuth|AWS4-HMAC-SHA256|UsernameToken) /.test(value);
  return signed && (name === "authorization" || (entry.auth_mode === "SIGNATURE" && name === "x-wsse"))
    ? "(signed)"
    : value;
}

/** Of the headers that arrived those that the entry speaks of, and any credential. */
export function only(actual: Wanted, expected: Wanted | undefined): Wanted {
  const names = Object.keys(expected?.headers ?? {});
  const credential = ["authorization", "cookie"].filter((name) => actual.headers[name] !== undefined);
  const kept = [...new Set([...names, ...credential])];
  return {
    ...actual,
    headers: Object.fromEntries(kept.map((name) => [name, actual.headers[name] ?? "(not there)"])),
  };
}
