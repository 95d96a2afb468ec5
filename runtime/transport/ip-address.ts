import { isIP } from "node:net";

/** An IP address as its bytes: 4 of them or 16. */
export type AddressBytes = readonly number[];

/** A run of addresses: those whose first `prefix` bits are those of `bytes`. */
export interface AddressBlock {
  readonly bytes: AddressBytes;
  readonly prefix: number;
}

/** Reads canonical text (`10.0.0.1`, `fe80::1%eth0`; no octal, hex or short forms); undefined for anything else. */
export function parseAddress(text: string): AddressBytes | undefined {
  const version = isIP(text);
  if (version === 4) return text.split(".").map(Number);
  if (version === 6) return parseVersion6(text);
  return undefined;
}

/** Reads `10.0.0.0/8` or a single address; undefined where it is neither. */
export function parseBlock(text: string): AddressBlock | undefined {
  const slash = text.indexOf("/");
  const bytes = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (bytes === undefined) return undefined;
  if (slash < 0) return { bytes, prefix: bytes.length * 8 };
  const length = text.slice(slash + 1);
  if (!/^\d{1,3}$/.test(length) || Number(length) > bytes.length * 8) return undefined;
  return { bytes, prefix: Number(length) };
}

/** True where the address lies in the block; an IPv4 block holds no IPv6 address and the other way round. */
export function inBlock(address: AddressBytes, block: AddressBlock): boolean {
  if (address.length !== block.bytes.length) return false;
  const whole = block.prefix >> 3;
  for (let at = 0; at < whole; at++) if (address[at] !== block.bytes[at]) return false;
  const rest = block.prefix & 7;
  if (rest === 0) return true;
  const mask = 0xff & (0xff << (8 - rest));
  return ((address[whole] ?? 0) & mask) === ((block.bytes[whole] ?? 0) & mask);
}

/** `::ffff:a.b.c.d` is the IPv4 address itself (RFC 4291, 2.5.5.2): the same socket, so the same judgement. */
export function unmapped(address: AddressBytes): AddressBytes {
  const mapped = address.length === 16 && address.slice(0, 10).every((byte) => byte === 0);
  return mapped && address[10] === 0xff && address[11] === 0xff ? address.slice(12) : address;
}

function parseVersion6(text: string): AddressBytes {
  const zone = text.indexOf("%");
  const [head = "", tail] = expandDotted(zone < 0 ? text : text.slice(0, zone)).split("::");
  const front = words(head);
  const back = tail === undefined ? [] : words(tail);
  const gap = new Array<number>(8 - front.length - back.length).fill(0);
  return [...front, ...gap, ...back].flatMap((word) => [word >> 8, word & 0xff]);
}

/** Turns the dotted end of `::ffff:127.0.0.1` into two words. */
function expandDotted(text: string): string {
  if (!text.includes(".")) return text;
  const colon = text.lastIndexOf(":");
  const [a = 0, b = 0, c = 0, d = 0] = text
    .slice(colon + 1)
    .split(".")
    .map(Number);
  return `${text.slice(0, colon + 1)}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
}

function words(text: string): number[] {
  return text === "" ? [] : text.split(":").map((word) => Number.parseInt(word, 16));
}
