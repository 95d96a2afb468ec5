/**
 * Which origins may be called where no socket can be looked at; stands in for `transport/destination.ts` in a standalone
 * client. Names are judged by themselves: what they resolve to is not known here.
 */
import { ConnectorError } from "../errors.ts";

export type Judgement = { readonly allowed: true } | { readonly allowed: false; readonly reason: string };

/** Hosts of `network.allow`, each with its port where one was given. */
export type NetworkRules = readonly { readonly host: string; readonly port: string | undefined }[];

/** Reads entries of the forms `host`, `*.host`, `10.1.2.3`, `[::1]`, each with an optional `:port`. Throws `configuration` for others. */
export function parseNetworkRules(allow: readonly string[]): NetworkRules {
  return allow.map((entry) => {
    const found = /^((?:\*\.)?[\w.-]+|\[[\da-f:.]+\])(?::(\d{1,5}))?$/i.exec(entry);
    if (!found)
      throw new ConnectorError({
        code: "configuration",
        phase: "configuration",
        message: `network.allow cannot use ${JSON.stringify(entry)} in a standalone client. Write host, *.host, 10.0.0.1 or [fd00::1], each with an optional :port.`,
      });
    return { host: (found[1] ?? "").toLowerCase(), port: found[2] };
  });
}

/** Judges an absolute URL by its origin: https, and a public name in place of an address, unless a rule names the host. */
export function judgeOrigin(origin: string, rules: NetworkRules): Judgement {
  let url: URL;
  try {
    url = new URL(origin);
  } catch {
    return denied("it is no valid URL");
  }
  const { protocol, username, password } = url;
  const host = url.hostname.replace(/\.$/, "");
  if (protocol !== "https:" && protocol !== "http:") return denied(`${protocol} is not https:`);
  if (username !== "" || password !== "") return denied("it holds user information");
  const port = url.port || (protocol === "https:" ? "443" : "80");
  if (rules.some((rule) => (rule.port ?? port) === port && names(rule.host, host))) return { allowed: true };
  if (/^\[|^[\d.]+$/.test(host)) return denied(`${host} is an address, and no public name`);
  if (!host.includes(".") || /(?:^|\.)(?:localhost|local|internal)$|^metadata\./.test(host))
    return denied(`${host} is a name of a local network`);
  if (protocol === "http:") return denied("http is for destinations that network.allow names; use https");
  return { allowed: true };
}

function names(rule: string, host: string): boolean {
  return rule.startsWith("*.") ? host.endsWith(rule.slice(1)) : host === rule;
}

function denied(reason: string): Judgement {
  return { allowed: false, reason };
}
