import type { ValueSymbol } from "../../../schema/ir.ts";
import type { Cursor } from "../../lower/cursor.ts";
import { declareSteps } from "../../lower/declare-chain.ts";
import type { Declared } from "../../lower/declared.ts";
import type { Model } from "../../lower/lower.ts";
import type { LoweredProfile } from "../../lower/profile.ts";
import { areAlike, isLoopback } from "./domains.ts";
import { exchangesOf, type ProfileExchange } from "./exchanges.ts";
import type { Flow } from "./flow.ts";
import { domainsOf, ownerOf, type Site } from "./sites.ts";

/** A secret that goes to a host of another owner than the one it belongs to. */
export interface ForeignUse {
  readonly symbol: ValueSymbol;
  readonly exchange: ProfileExchange;
  readonly site: Site & { readonly kind: "fixed" };
  /** A request that takes the secret to where it belongs. */
  readonly home: ProfileExchange;
  /** The user typed it in; else an answer brought it. */
  readonly given: boolean;
  /** `unrelated`: another name. `alike`: the names resemble each other. `unknown`: the home is a user's choice. */
  readonly kinship: "unrelated" | "alike" | "unknown";
}

/** False where all that is sent goes to one owner: then nothing can be foreign. */
export function hasSeveralOwners({ declared, operations }: Model, { siteOf }: Flow): boolean {
  const urls = [
    ...declared.chains.flatMap(({ steps }) => steps.map(({ at }) => at.at("endpoint"))),
    ...declared.profiles.flatMap(({ at }) => [
      at.at("oauth").at("token_url"),
      at.at("oauth").at("refresh_url"),
      ...declareSteps(at.at("oauth").at("after_token")).map((step) => step.at.at("endpoint")),
      at.at("test_endpoint").at("url"),
    ]),
  ];
  const owners = new Set<string>();
  const meets = (url: Cursor): boolean => {
    const found = siteOf(url);
    if (found) owners.add(ownerOf(found.site));
    return owners.size > 1;
  };
  return urls.some(meets) || operations.some((operation) => meets(operation.declared.at.at("endpoint")));
}

/**
 * A secret belongs to the owner of the host that the profile's operations are at; one that none of them sends, to
 * the first host that gets it. What an answer brought may go back to where it came from, and on to where the operations are:
 * that is what signing in is for.
 */
export function foreignUses(lowered: LoweredProfile, model: Model, flow: Flow): ForeignUse[] {
  const exchanges = exchangesOf(lowered, model, flow.siteOf).filter(({ site }) => !isLoopback(site.host));
  if (new Set(exchanges.map(({ site }) => ownerOf(site))).size < 2) return [];
  const main = mainOf(exchanges, model.declared, flow);
  const vouched = allowedHosts(lowered.declared.at, model.declared.root);
  return [...usesOf(exchanges, flow)].flatMap(([, { symbol, uses }]) => {
    const given = symbol.kind === "credential";
    const origin = given ? undefined : obtainedAt(symbol, exchanges);
    const sent = uses.filter(({ site }) => origin === undefined || ownerOf(site) !== origin);
    const home = uses.find(({ site }) => main !== undefined && ownerOf(site) === main) ?? sent[0];
    if (!home) return [];
    return sent.flatMap((exchange): ForeignUse[] => {
      const { site } = exchange;
      if (site.kind === "chosen" || vouched(site.host)) return [];
      const kinship = kinshipOf(site.domain, home.site, model.declared);
      return kinship === "same" ? [] : [{ symbol, exchange, site, home, given, kinship }];
    });
  });
}

interface SecretUses {
  readonly symbol: ValueSymbol;
  readonly uses: ProfileExchange[];
}

function usesOf(exchanges: readonly ProfileExchange[], flow: Flow): ReadonlyMap<string, SecretUses> {
  const found = new Map<string, SecretUses>();
  for (const exchange of exchanges)
    for (const { symbol, form } of exchange.carries()) {
      if (form === "signed" || !flow.isSecret(symbol, exchange.owner)) continue;
      const key = JSON.stringify(symbol);
      const known = found.get(key);
      if (!known) found.set(key, { symbol, uses: [exchange] });
      // What an exchange carries comes in one go: to search all of its uses would take the square of their number.
      else if (known.uses.at(-1) !== exchange) known.uses.push(exchange);
    }
  return found;
}

/** Where the profile's operations are: at `base_url`, else where most of them are. */
function mainOf(
  exchanges: readonly ProfileExchange[],
  { root }: Declared,
  { siteOf }: Flow,
): string | undefined {
  const counts = new Map<string, number>();
  for (const { kind, site } of exchanges)
    if (kind === "operation") counts.set(ownerOf(site), (counts.get(ownerOf(site)) ?? 0) + 1);
  const base = siteOf(root.at("base_url"));
  if (base && counts.has(ownerOf(base.site))) return ownerOf(base.site);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}

/** The site whose answer brought a derived secret. */
function obtainedAt(symbol: ValueSymbol, exchanges: readonly ProfileExchange[]): string | undefined {
  const from = exchanges.find(({ kind, what }) =>
    symbol.kind === "extract" ? kind === "step" && what === `the step \`${symbol.step}\`` : kind === "token",
  );
  const last = exchanges.findLast(({ kind }) => kind === "step");
  const found = from ?? (symbol.kind === "token" ? last : undefined);
  return found && ownerOf(found.site);
}

function kinshipOf(
  domain: string,
  home: Site,
  { settings, profiles }: Declared,
): ForeignUse["kinship"] | "same" {
  if (home.kind === "fixed")
    return home.domain === domain ? "same" : areAlike(home.domain, domain) ? "alike" : "unrelated";
  const fields = [...settings, ...profiles.flatMap((profile) => profile.fields)];
  const given = fields.filter(({ key }) => key === home.name);
  // That it is not declared has a finding of its own, and may be all that is wrong.
  if (given.length === 0) return "same";
  const domains = given.flatMap(domainsOf);
  return domains.some((known) => known === domain || areAlike(known, domain)) ? "same" : "unknown";
}

/** The hosts that the author vouches for: those of the profile, else those at the top. */
function allowedHosts(profile: Cursor, root: Cursor): (host: string) => boolean {
  const given = (profile.has("allowed_hosts") ? profile : root)
    .at("allowed_hosts")
    .items()
    .flatMap((item) => item.string()?.toLowerCase().replace(/:\d+$/, "") ?? []);
  return (written) => {
    const host = written.toLowerCase().replace(/\{[^}]*\}/g, "x");
    return given.some((entry) => (entry.startsWith("*.") ? host.endsWith(entry.slice(1)) : host === entry));
  };
}
