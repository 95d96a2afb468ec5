/**
 * How a host name becomes addresses: in the manner of `dns.lookup`, which is one itself. Written out here because a service
 * may name it in its options, whose type check must not need Node's types.
 */
export type Lookup = (
  hostname: string,
  options: LookupOptions,
  callback: (error: Error | null, address: string | LookupAddress[], family?: number) => void,
) => void;

/** What an address is asked for with; `all` gives a list. */
export interface LookupOptions {
  readonly family?: number | "IPv4" | "IPv6" | undefined;
  readonly hints?: number | undefined;
  readonly all?: boolean | undefined;
  readonly order?: "ipv4first" | "ipv6first" | "verbatim" | undefined;
  readonly verbatim?: boolean | undefined;
}

/** An address, and whether it is of IPv4 (4) or IPv6 (6). */
export interface LookupAddress {
  address: string;
  family: number;
}
