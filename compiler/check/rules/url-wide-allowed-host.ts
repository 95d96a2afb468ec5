import { ownDomain } from "../flow/domains.ts";
import type { Rule } from "../rule.ts";

export const urlWideAllowedHost: Rule = {
  id: "url/wide-allowed-host",
  severity: "warning",
  summary: "An entry of `allowed_hosts` that admits the hosts of strangers.",
  check: ({ declared }, report) => {
    for (const at of [declared.root, ...declared.profiles.map((profile) => profile.at)])
      for (const entry of at.at("allowed_hosts").items()) {
        const suffix = /^\*\.([^:]+)/.exec(entry.string() ?? "")?.[1];
        if (suffix === undefined || ownDomain(suffix) !== undefined || isPrivate(suffix)) continue;
        report({
          path: entry.path,
          message: `Anyone can have a host under ${suffix}: an answer could lead the credential to a stranger.`,
          label: "admits every owner's hosts",
          help: `Name the service's own domain, such as \`*.example.${suffix}\`.`,
        });
      }
  },
};

/** Names that are never resolved on the public network (RFC 2606, RFC 6762, and `internal` by ICANN). */
function isPrivate(suffix: string): boolean {
  return /^(?:internal|local|localhost|test|lan|corp|home|intranet)$/i.test(suffix);
}
