/** URLs with `{{holes}}`: what they begin with in common is the base URL, what follows is each operation's own. */

import type { Meanings } from "./meanings.ts";
import { fromMustache, holesOf, onlyHole } from "./mustache.ts";

interface Parted {
  readonly origin: string;
  readonly rest: string;
}

/** An origin, or a hole that stands for one, and the path behind it; undefined for a path alone. */
function part(url: string): Parted | undefined {
  const [, origin, rest = ""] = /^(https?:\/\/[^/?#]+|\{\{[^{}]+\}\})(.*)$/i.exec(url.trim()) ?? [];
  return origin === undefined ? undefined : { origin: toHttps(origin), rest };
}

/** Credentials go over https alone; a server on one's own machine is left as it is. */
function toHttps(origin: string): string {
  return /^http:\/\/(?!localhost|127\.|\[::1\])/i.test(origin) ? origin.replace(/^http:/i, "https:") : origin;
}

export interface Addresses {
  /** As a template; undefined where no URL has a host. */
  readonly baseUrl: string | undefined;
  endpoint(url: string): string;
}

/** The origin that most URLs have is the base URL; an endpoint elsewhere keeps its own. */
export function addressesOf(urls: readonly string[], meanings: Meanings): Addresses {
  const counts = new Map<string, number>();
  for (const url of urls) {
    const origin = part(url)?.origin;
    if (origin !== undefined) counts.set(origin, (counts.get(origin) ?? 0) + 1);
  }
  const common = [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
  return {
    baseUrl: common === undefined ? undefined : originTemplate(common, meanings),
    endpoint: (url) => {
      const parted = part(url);
      const rest = pathTemplate(parted?.rest ?? url.trim(), meanings);
      if (!parted || parted.origin === common) return rest.startsWith("/") ? rest : `/${rest}`;
      return originTemplate(parted.origin, meanings) + rest;
    },
  };
}

/** Who fills in a host chooses where the credential goes: such a hole is a setting with a bound, never a parameter. */
function originTemplate(origin: string, meanings: Meanings): string {
  const whole = onlyHole(origin) !== undefined;
  return fromMustache(origin, (hole) => {
    const bare = hole.replace(/^(?:secrets|credentials|auth|config|connection)\./, "");
    const { name } = meanings.of(`config.${bare}`);
    const setting = meanings.settings.get(name);
    if (setting && !setting.pattern && !setting.enum) setting.format ??= whole ? "uri" : "subdomain";
    return name;
  });
}

function pathTemplate(path: string, meanings: Meanings): string {
  return fromMustache(path, (hole) => meanings.of(hole).name);
}

/** The holes of a path that a call fills. */
export function pathNames(url: string, meanings: Meanings): readonly string[] {
  const rest = part(url)?.rest ?? url;
  const named = holesOf(rest).map((hole) => meanings.of(hole));
  return [...new Set(named.flatMap(({ kind, name }) => (kind === "parameter" ? [name] : [])))];
}
