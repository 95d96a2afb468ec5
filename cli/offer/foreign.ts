import { isLoopback } from "../../compiler/check/flow/domains.ts";
import { siteOfUrl } from "../../compiler/check/flow/sites.ts";
import type { Profile, ValueSymbol } from "../../schema/ir.ts";
import type { OriginExchange } from "./origin-exchanges.ts";

/**
 * The requests that take a secret to a host of another owner than the one it belongs to: that of the operations that send
 * it, else the first that gets it. Where a host is the user's choice, it is the user's own. Domains are compared as
 * they are: whether two of them have one owner, as `github.com` and `githubusercontent.com`, is for the reader to say.
 */
export function markForeign(
  profile: Profile,
  exchanges: readonly OriginExchange[],
): ReadonlySet<OriginExchange> {
  const domains = new Map(exchanges.map((exchange) => [exchange, domainOf(exchange.origin)]));
  const operations = exchanges.filter(({ sender }) => sender.kind === "operation");
  const main = mostFrequent(operations.flatMap((exchange) => domains.get(exchange) ?? []));
  const foreign = new Set<OriginExchange>();
  for (const users of secretUsers(profile, exchanges)) {
    const placed = users.filter((exchange) => domains.get(exchange) !== undefined);
    const home = placed.some((exchange) => domains.get(exchange) === main)
      ? main
      : domains.get(placed[0] ?? none);
    for (const exchange of placed) if (domains.get(exchange) !== home) foreign.add(exchange);
  }
  return foreign;
}

const none: OriginExchange = { origin: "", sender: { kind: "test" }, carries: [] };

/** For each secret that the user gives, and for the token in use, the requests that carry it. */
function secretUsers(profile: Profile, exchanges: readonly OriginExchange[]): OriginExchange[][] {
  const found = new Map<string, OriginExchange[]>();
  for (const exchange of exchanges)
    for (const symbol of exchange.carries) {
      if (!isSecret(symbol, profile)) continue;
      const key = JSON.stringify(symbol);
      const users = found.get(key) ?? [];
      if (!users.includes(exchange)) users.push(exchange);
      found.set(key, users);
    }
  return [...found.values()];
}

function isSecret(symbol: ValueSymbol, { fields }: Profile): boolean {
  if (symbol.kind === "token") return true;
  return symbol.kind === "credential" && fields.some(({ key, secret }) => key === symbol.key && secret);
}

function domainOf(origin: string): string | undefined {
  const site = siteOfUrl(origin);
  return site?.kind === "fixed" && !isLoopback(site.host) ? site.domain : undefined;
}

function mostFrequent(values: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}
