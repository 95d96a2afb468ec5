import type { AddressBlock, AddressBytes } from "./ip-address.ts";
import { inBlock, parseBlock } from "./ip-address.ts";

/** Addresses that no public API has, by the IANA special-purpose registries. */
export interface SpecialRange {
  readonly block: AddressBlock;
  readonly text: string;
  /** As in "10.0.0.1 is …". */
  readonly what: string;
  /** Hands out credentials to whoever asks: stays refused when only the host's *name* is allowed. */
  readonly guarded: boolean;
}

const guarded: readonly (readonly [string, string])[] = [
  ["169.254.0.0/16", "a link-local or cloud metadata address"], // RFC 3927
  ["168.63.129.16/32", "a cloud platform's metadata address"],
  ["100.100.100.200/32", "a cloud platform's metadata address"],
  ["192.0.0.192/32", "a cloud platform's metadata address"],
  ["fd00:ec2::/32", "a cloud platform's metadata address"],
  ["fe80::/10", "a link-local address"], // RFC 4291, 2.5.6
];

const reserved: readonly (readonly [string, string])[] = [
  ["0.0.0.0/8", "an address of this host"], // RFC 791
  ["10.0.0.0/8", "a private address"], // RFC 1918
  ["100.64.0.0/10", "a carrier's shared address"], // RFC 6598
  ["127.0.0.0/8", "a loopback address"], // RFC 1122
  ["172.16.0.0/12", "a private address"],
  ["192.0.0.0/24", "an address for protocol assignments"], // RFC 6890
  ["192.0.2.0/24", "a documentation address"], // RFC 5737
  ["192.88.99.0/24", "a 6to4 relay address"], // RFC 7526
  ["192.168.0.0/16", "a private address"],
  ["198.18.0.0/15", "a benchmarking address"], // RFC 2544
  ["198.51.100.0/24", "a documentation address"],
  ["203.0.113.0/24", "a documentation address"],
  ["224.0.0.0/4", "a multicast address"], // RFC 5771
  ["240.0.0.0/4", "a reserved address"], // RFC 1112
  ["::1/128", "a loopback address"], // RFC 4291
  ["::/96", "an IPv4-compatible or unspecified address"], // RFC 4291, 2.5.5.1
  ["::ffff:0:0:0/96", "an IPv4-translated address"], // RFC 2765
  ["64:ff9b::/96", "a NAT64 address"], // RFC 6052
  ["64:ff9b:1::/48", "a local NAT64 address"], // RFC 8215
  ["100::/64", "a discard address"], // RFC 6666
  ["2001::/32", "a Teredo address"], // RFC 4380
  ["2001:2::/48", "a benchmarking address"], // RFC 5180
  ["2001:10::/28", "an ORCHID address"], // RFC 4843
  ["2001:20::/28", "an ORCHID address"], // RFC 7343
  ["2001:db8::/32", "a documentation address"], // RFC 3849
  ["2002::/16", "a 6to4 address"], // RFC 3056
  ["3fff::/20", "a documentation address"], // RFC 9637
  ["5f00::/16", "a segment routing address"], // RFC 9602
  ["fc00::/7", "a private address"], // RFC 4193
  ["fec0::/10", "a site-local address"], // RFC 3879
  ["ff00::/8", "a multicast address"],
];

/** Made when first asked for: to read them all takes some of the time in which the runtime loads. */
let ranges: readonly SpecialRange[] | undefined;

/** The special range that an address lies in, the guarded ones first; undefined for a public address. */
export function specialRange(address: AddressBytes): SpecialRange | undefined {
  ranges ??= [...guarded.map((entry) => range(entry, true)), ...reserved.map((entry) => range(entry, false))];
  return ranges.find(({ block }) => inBlock(address, block));
}

function range([text, what]: readonly [string, string], isGuarded: boolean): SpecialRange {
  const block = parseBlock(text);
  if (block === undefined) throw new Error(`${text} is no address block`);
  return { block, text, what, guarded: isGuarded };
}
