import { ConnectorError } from "../errors.ts";
import type { AddressBlock, AddressBytes } from "./ip-address.ts";
import { inBlock, parseBlock, unmapped } from "./ip-address.ts";

/** What `network.allow` says, read once. */
export interface NetworkRules {
  readonly names: readonly NameRule[];
  readonly blocks: readonly BlockRule[];
}

interface NameRule {
  /** In lower case, without a dot at the end; with `subdomains`, what follows `*`, dot included. */
  readonly name: string;
  readonly subdomains: boolean;
  readonly port: number | undefined;
}

interface BlockRule {
  readonly block: AddressBlock;
  readonly port: number | undefined;
}

/**
 * Reads entries of the forms `host`, `*.host`, `10.1.2.3`, `10.0.0.0/8`, `fd00::/8`, `[::1]`, each with an optional
 * `:port` (IPv6 then in brackets). Throws `configuration` for anything else.
 */
export function parseNetworkRules(allow: readonly string[]): NetworkRules {
  const names: NameRule[] = [];
  const blocks: BlockRule[] = [];
  for (const entry of allow) {
    const { host, port } = splitPort(entry);
    const block = blockOf(host);
    if (block !== undefined) blocks.push({ block, port });
    else names.push({ ...nameOf(host, entry), port });
  }
  return { names, blocks };
}

/** True where a rule names this host (not merely an address of it). */
export function allowsName(host: string, port: number, rules: NetworkRules): boolean {
  return rules.names.some(
    (rule) =>
      (rule.port === undefined || rule.port === port) &&
      (rule.subdomains ? host.endsWith(rule.name) && host.length > rule.name.length : host === rule.name),
  );
}

/** True where a rule names this address, alone or in a block. */
export function allowsAddress(address: AddressBytes, port: number, rules: NetworkRules): boolean {
  return rules.blocks.some(
    (rule) => (rule.port === undefined || rule.port === port) && inBlock(address, rule.block),
  );
}

function splitPort(entry: string): { host: string; port: number | undefined } {
  const bracketed = /^\[([^\]]+)\](\/\d+)?(?::(\d+))?$/.exec(entry);
  if (bracketed !== null) {
    return { host: `${bracketed[1] ?? ""}${bracketed[2] ?? ""}`, port: portOf(bracketed[3], entry) };
  }
  const colon = entry.indexOf(":");
  const single = colon >= 0 && colon === entry.lastIndexOf(":");
  if (!single) return { host: entry, port: undefined }; // no port, or bare IPv6
  return { host: entry.slice(0, colon), port: portOf(entry.slice(colon + 1), entry) };
}

function portOf(text: string | undefined, entry: string): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65535)
    throw badEntry(entry, "its port is not 1 to 65535");
  return port;
}

/** An IPv4-mapped block is the IPv4 block: addresses are judged unmapped. */
function blockOf(host: string): AddressBlock | undefined {
  const block = parseBlock(host);
  if (block === undefined || block.bytes.length === 4) return block;
  const bytes = unmapped(block.bytes);
  return bytes.length === 4 && block.prefix >= 96 ? { bytes, prefix: block.prefix - 96 } : block;
}

function nameOf(host: string, entry: string): { name: string; subdomains: boolean } {
  const subdomains = host.startsWith("*.");
  const bare = subdomains ? host.slice(2) : host;
  if (!/^[\p{L}\p{N}._-]+$/u.test(bare))
    throw badEntry(entry, "it is no host name, IP address or CIDR block");
  const name = canonicalName(bare, entry);
  return { name: subdomains ? `.${name}` : name, subdomains };
}

function canonicalName(host: string, entry: string): string {
  let name: string;
  try {
    name = new URL(`http://${host}/`).hostname.replace(/\.$/, "");
  } catch {
    throw badEntry(entry, "it is no host name, IP address or CIDR block");
  }
  if (parseBlock(name) !== undefined) throw badEntry(entry, `write the address as ${name}`);
  return name;
}

function badEntry(entry: string, why: string): ConnectorError {
  return new ConnectorError({
    code: "configuration",
    phase: "configuration",
    message: `network.allow cannot use ${JSON.stringify(entry)}: ${why}. Write host, *.host, 10.0.0.1, 10.0.0.0/8 or [fd00::1], each with an optional :port.`,
  });
}
