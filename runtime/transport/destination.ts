import { specialRange } from "./address-ranges.ts";
import type { AddressBytes } from "./ip-address.ts";
import { parseAddress, unmapped } from "./ip-address.ts";
import type { NetworkRules } from "./network-rules.ts";
import { allowsAddress, allowsName } from "./network-rules.ts";

export type { NetworkRules } from "./network-rules.ts";
export { parseNetworkRules } from "./network-rules.ts";

/** Whether a destination may be reached; `reason` reads as a clause: "127.0.0.1 is a loopback address". */
export type Judgement = { readonly allowed: true } | { readonly allowed: false; readonly reason: string };

const allowed: Judgement = { allowed: true };

/** Names under which platforms and hosts offer themselves; refused before anything is resolved. */
const localNames: readonly string[] = ["metadata.google.internal", "metadata.goog", "instance-data"];

/** Ports of other protocols, which a crafted HTTP request could speak to: the list of the Fetch standard, "bad port". */
const foreignPorts: ReadonlySet<number> = new Set([
  0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104,
  109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515,
  526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049,
  3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
]);

/**
 * Judges the address of a socket. Public addresses pass; special ones (private, loopback, metadata, embedded IPv4 …)
 * only by a rule for the address, or where `nameAllowed` says that a rule names the host; metadata and link-local
 * addresses need a rule of their own even then.
 */
export function judgeAddress(
  address: string,
  port: number,
  rules: NetworkRules,
  nameAllowed = false,
): Judgement {
  const bytes = parseAddress(address);
  if (bytes === undefined) return denied(`${JSON.stringify(address)} is no IP address`);
  return judgeBytes(address, unmapped(bytes), port, rules, nameAllowed);
}

/**
 * Judges an absolute URL by its origin, before anything is resolved: the scheme (https; http only to what a rule
 * names), user information, foreign ports, IP literals in any spelling, names that mean this host.
 */
export function judgeOrigin(origin: string, rules: NetworkRules): Judgement {
  let url: URL;
  try {
    url = new URL(origin);
  } catch {
    return denied("it is no valid URL");
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") return denied(`${url.protocol} is not https:`);
  if (url.username !== "" || url.password !== "") return denied("it holds user information");
  return judgeHost(hostOf(url), portOf(url), url.protocol === "https:", rules);
}

/** True for `localhost` and names below it, which mean this host wherever they resolve to (RFC 6761, 6.3). */
export function isLoopbackName(host: string): boolean {
  return host === "localhost" || host.endsWith(".localhost");
}

/** The host in its canonical form: no brackets, no dot at the end. */
export function hostOf(url: URL): string {
  const host = url.hostname;
  return host.startsWith("[") ? host.slice(1, -1) : host.replace(/\.$/, "");
}

/** The port, by default that of the scheme. */
export function portOf(url: URL): number {
  if (url.port !== "") return Number(url.port);
  return url.protocol === "https:" ? 443 : 80;
}

function judgeHost(host: string, port: number, secure: boolean, rules: NetworkRules): Judgement {
  if (namedByRule(host, port, rules)) return allowed;
  const literal = parseAddress(host);
  if (literal !== undefined) {
    const judgement = judgeBytes(host, unmapped(literal), port, rules, false);
    if (!judgement.allowed) return judgement;
  }
  if (isLoopbackName(host)) return denied(`${host} is this host`);
  if (localNames.includes(host)) return denied(`${host} is a cloud platform's metadata service`);
  if (!secure) return denied("http is for destinations that network.allow names; use https");
  if (foreignPorts.has(port)) return denied(`port ${port} belongs to another protocol`);
  return allowed;
}

/** Named outright: the host, its literal address, or for `localhost` a loopback address. */
function namedByRule(host: string, port: number, rules: NetworkRules): boolean {
  if (allowsName(host, port, rules)) return true;
  const addresses = isLoopbackName(host) ? ["127.0.0.1", "::1"] : [host];
  return addresses.some((text) => {
    const bytes = parseAddress(text);
    return bytes !== undefined && allowsAddress(unmapped(bytes), port, rules);
  });
}

function judgeBytes(
  text: string,
  address: AddressBytes,
  port: number,
  rules: NetworkRules,
  nameAllowed: boolean,
): Judgement {
  if (allowsAddress(address, port, rules)) return allowed;
  const special = specialRange(address);
  if (special === undefined || (nameAllowed && !special.guarded)) return allowed;
  return denied(`${text} is ${special.what} (${special.text})`);
}

function denied(reason: string): Judgement {
  return { allowed: false, reason };
}
