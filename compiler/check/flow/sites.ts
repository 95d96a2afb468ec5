import type { Cursor } from "../../lower/cursor.ts";
import type { Declared, DeclaredField } from "../../lower/declared.ts";
import { authorityOf } from "./authority.ts";
import { ownDomain } from "./domains.ts";

/** Who owns the host that a URL leads to. */
export type Site =
  /** The descriptor fixes the owner's domain; `host` is the host as written, holes and all. */
  | { readonly kind: "fixed"; readonly host: string; readonly domain: string }
  /** A value fills in the owner's domain: `name` is its hole. */
  | { readonly kind: "chosen"; readonly host: string; readonly name: string };

export interface UrlSite {
  readonly site: Site;
  /** Where the host is written: the URL itself or `base_url`. */
  readonly at: Cursor;
  /** The whole URL without its query, as written. */
  readonly url: string;
}

/** Reads where endpoints lead; undefined for a text that is no URL, which was reported. */
export type SiteOf = (endpoint: Cursor) => UrlSite | undefined;

/** The reader of one descriptor: an origin that many endpoints share is parsed once. */
export function createSites({ root }: Declared): SiteOf {
  const base = root.at("base_url");
  const before = (base.string() ?? "{base_url}").replace(/\/$/, "");
  const known = new Map<string, Site | undefined>();
  const read = (endpoint: Cursor, text: string): UrlSite | undefined => {
    const relative = text.startsWith("/") || !/^(?:[a-z][a-z0-9+.-]*:\/\/|\{(?!\{))/i.test(text);
    const whole = relative ? `${before}/${text.replace(/^\//, "")}` : text;
    const origin = relative ? before : (/^(?:https?:\/\/)?(?:\{[^{}]*\}|[^/?#{}])+/i.exec(text)?.[0] ?? text);
    if (!known.has(origin)) known.set(origin, siteOfUrl(origin));
    const site = known.get(origin);
    const query = whole.indexOf("?");
    const url = (query < 0 ? whole : whole.slice(0, query)).replace(/\/$/, "");
    return site && { site, url, at: relative && base.exists ? base : endpoint };
  };
  const found = new Map<Cursor["node"], UrlSite | undefined>();
  return (endpoint) => {
    const text = endpoint.string();
    if (text === undefined) return undefined;
    if (!found.has(endpoint.node)) found.set(endpoint.node, read(endpoint, text));
    return found.get(endpoint.node);
  };
}

/** What tells one owner's site from another's. */
export function ownerOf(site: Site): string {
  return site.kind === "fixed" ? site.domain : `{${site.name}}`;
}

/** The site of a URL template's text. */
export function siteOfUrl(text: string): Site | undefined {
  const authority = authorityOf(text);
  if (!authority) return undefined;
  const { host } = authority;
  const shown = host.map((part) => part.text).join("");
  const last = host.findLastIndex(({ kind }) => kind === "hole");
  const tail = host.slice(last + 1).map((part) => part.text);
  // A label that a hole begins is not the author's.
  const fixed = last < 0 ? shown : tail.join("").replace(/^[^.]*/, "");
  const domain = fixed === "" ? undefined : ownDomain(fixed);
  if (domain !== undefined) return { kind: "fixed", host: shown, domain };
  const hole = host[last];
  return hole && { kind: "chosen", host: shown, name: nameIn(hole.text) };
}

/** `domain` of `config.domain` and of `lower({domain})`. */
function nameIn(hole: string): string {
  return /([A-Za-z_][\w-]*)[^A-Za-z_]*$/.exec(hole.slice(-100))?.[1] ?? hole;
}

/** The domains that a declared field or setting speaks of: by its default, values, example, pattern and description. */
export function domainsOf({ at, implied }: DeclaredField): string[] {
  if (implied) return [];
  const texts = [
    at.at("default_value").string(),
    at.at("example").string(),
    at.at("description").string(),
    at.at("pattern").string()?.replaceAll("\\", ""),
    ...at
      .at("enum")
      .items()
      .map((item) => item.string()),
  ];
  return texts.flatMap((text) =>
    [
      ...(text ?? "")
        .slice(0, 500)
        .toLowerCase()
        .matchAll(/[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}/g),
    ].flatMap(([host]) => ownDomain(host) ?? []),
  );
}
