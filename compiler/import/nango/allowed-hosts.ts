/** Hosts that an answer may name: the catalogue trusts every answer, a descriptor says whom. */
import type { Entry } from "./entry.ts";

/** `*.example.com` for the domains of the entry's own URLs, where an answer names a host; else none. */
export function vouchedHosts(entry: Entry): readonly string[] {
  const { token_url: token, additional_steps: steps = [], proxy, connection_config: settings } = entry;
  const called = [proxy?.base_url ?? "", ...steps.map(({ token_url: url }) => url)];
  if (!called.some((url) => isReceived(url, entry))) return [];
  const own = [token, entry.authorization_url, entry.refresh_url, ...called, ...examples(settings)];
  const domains = own.flatMap((url) => (typeof url === "string" ? domainsOf(url) : []));
  return [...new Set(domains)].map((domain) => `*.${domain}`);
}

function isReceived(url: string, entry: Entry): boolean {
  const name = /^(?:https:\/\/)?\$\{(?:connectionConfig\.)?([\w.-]+)\}/.exec(url)?.[1];
  if (name === undefined) return false;
  if (/^step\d+\./.test(name)) return true;
  const paths = [...(entry.token_response_metadata ?? []), ...(entry.redirect_uri_metadata ?? [])];
  return paths.includes(name) && !entry.connection_config?.[name]?.pattern;
}

function examples(settings: Entry["connection_config"]): string[] {
  return Object.values(settings ?? {}).flatMap(({ example = "" }) =>
    /^[a-z0-9-]+(?:\.[a-z0-9-]+){2,}$/i.test(example) ? [`https://${example}`] : [],
  );
}

/** The last two labels of each host, three below `co.uk` and its like. */
function domainsOf(urls: string): string[] {
  return [...urls.matchAll(/https?:\/\/[^/?#\s]*?([a-z0-9-]+(?:\.[a-z0-9-]+)+)(?=[/?#:\s]|$)/gi)].map(
    ([, host = ""]) => {
      const labels = host.toLowerCase().split(".");
      const isShared = /^(?:com?|net|org|gov|ac)\.[a-z]{2}$/.test(labels.slice(-2).join("."));
      return labels.slice(isShared ? -3 : -2).join(".");
    },
  );
}
