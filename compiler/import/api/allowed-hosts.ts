/** Hosts of several owners that one document names: what it says is said of each profile. */
import type { Descriptor } from "../../../schema/descriptor.ts";
import type { Notes } from "../notes.ts";

/** Lets credentials go to every host that the document names, where these are not below one domain. */
export function allowHosts(descriptor: Descriptor, notes: Notes): void {
  const urls = [
    descriptor.base_url,
    ...(descriptor.connection_config ?? []).flatMap((setting) =>
      setting.key === "base_url" ? (setting.enum ?? []).map(String) : [],
    ),
    ...(descriptor.operations ?? []).map(({ endpoint }) => endpoint),
    ...descriptor.authentication.flatMap(({ oauth }) => [
      oauth?.token_url,
      oauth?.refresh_url,
      oauth?.authorize_url,
    ]),
    ...(descriptor.credential_chains ?? []).flatMap(({ steps }) => steps.map(({ endpoint }) => endpoint)),
  ];
  const hosts = [...new Set(urls.flatMap((url) => hostOf(url) ?? []))].sort();
  if (new Set(hosts.map(domainOf)).size < 2) return;
  for (const profile of descriptor.authentication)
    if (profile.type !== "none" || profile.fields) {
      profile.allowed_hosts = hosts;
      notes.comment(profile, "allowed_hosts", "The document names all of these hosts.");
    }
}

/** `*.example.com` where the first label is the user's; undefined where more of it is. */
function hostOf(url: string | undefined): string | undefined {
  const host = /^https?:\/\/([^/?#]+)/i.exec(url ?? "")?.[1]?.toLowerCase();
  if (host === undefined) return undefined;
  const wide = host.replace(/^[^.]*\{[^{}]*\}[^.]*(?=\..+\.)/, "*");
  return /[{}]/.test(wide) || (wide.startsWith("*") && wide.split(".").length < 3) ? undefined : wide;
}

function domainOf(host: string): string {
  return host.split(".").slice(-2).join(".");
}
