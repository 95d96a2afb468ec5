import type { Profile, Step, UrlOrigin } from "../schema/ir.ts";
import type { Core } from "./core.ts";
import { ConnectorError } from "./errors.ts";
import type { Draft } from "./request/plan.ts";
import type { Scope } from "./request/scope.ts";
import { compileOrigin, isForeign } from "./request/url.ts";
import { judgeOrigin, type NetworkRules } from "./transport/destination.ts";

/** Judges where requests of one profile go. Throws `destination_blocked`. */
export type JudgeDestination = (draft: Draft, foreign: boolean, scope: Scope) => void;

/**
 * What the descriptor names is fine as far as the network rules go. What a response supplied (a next URL, an
 * extracted base URL) or a key file names must be an origin that the descriptor names, or one that `allowed_hosts` admits.
 */
export function createDestinations(profile: Profile | undefined, rules: NetworkRules): JudgeDestination {
  const named = (profile?.origins ?? []).filter((origin) => !isForeign(origin)).map(compileOrigin);
  const allowedHosts = profile?.allowed_hosts ?? [];
  let lastJudged = "";
  return (draft, foreign, scope) => {
    // A server that the host itself starts, under a name that the descriptor gives: there is no address to judge.
    if (draft.origin.startsWith("stdio://") && draft.origin === draft.ownOrigin) return;
    if (draft.origin !== lastJudged) {
      const judgement = judgeOrigin(draft.origin, rules);
      if (!judgement.allowed)
        throw blocked(
          `${draft.origin} is refused: ${judgement.reason}. If this destination is meant, name it under \`network.allow\`.`,
        );
      lastJudged = draft.origin;
    }
    const elsewhere = draft.origin !== draft.ownOrigin;
    if (!elsewhere && !foreign) return;
    if (!elsewhere && named.some((origin) => namesOrigin(origin, scope, draft.origin))) return;
    if (admits(allowedHosts, draft.origin)) return;
    throw blocked(
      `${elsewhere ? "the answer led" : "a value that was received or given leads"} to ${draft.origin}, which is not an origin of this profile: the credential stays here. If it is right, add the host to \`allowed_hosts\`.`,
    );
  };
}

/**
 * Throws `destination_blocked` where the network rules would refuse the calls that end a login: before anybody gives
 * consent, with their names resolved and nothing sent. An origin that only an answer will tell is judged then.
 */
export async function judgeLogin(
  steps: readonly Step[],
  scope: Scope,
  { transport, rules }: Pick<Core, "transport" | "rules">,
): Promise<void> {
  for (const origin of namedOrigins(
    steps.map(({ exchange }) => exchange.url.origin),
    scope,
  )) {
    const reason = transport.judge ? await transport.judge(origin) : refusalOf(origin, rules);
    if (reason !== undefined)
      throw blocked(`This login could not be completed, and nothing was sent: ${reason}.`);
  }
}

function refusalOf(origin: string, rules: NetworkRules): string | undefined {
  const judgement = judgeOrigin(origin, rules);
  return judgement.allowed
    ? undefined
    : `${origin} is refused: ${judgement.reason}; where that is meant, list it in network.allow`;
}

/** The origins that a profile's descriptor names for these settings and credentials. */
export function namedOrigins(origins: readonly UrlOrigin[], scope: Scope): string[] {
  const found = origins.flatMap((origin) => {
    try {
      return isForeign(origin) ? [] : [compileOrigin(origin)(scope).origin];
    } catch {
      // A setting that this profile does not need is not given.
      return [];
    }
  });
  return [...new Set(found)];
}

function namesOrigin(
  origin: (scope: Scope) => { readonly origin: string },
  scope: Scope,
  wanted: string,
): boolean {
  try {
    return origin(scope).origin === wanted;
  } catch {
    // An origin whose setting is not given names nothing.
    return false;
  }
}

/** Exact hosts, `*.example.com` for those below; an entry with a port admits only that port. */
function admits(allowedHosts: readonly string[], origin: string): boolean {
  const authority = origin.slice(origin.indexOf("://") + 3);
  const host = authority.replace(/:\d+$/, "");
  return allowedHosts.some((entry) => {
    const wanted = entry.toLowerCase();
    const candidate = /:\d+$/.test(wanted) ? authority : host;
    return wanted.startsWith("*.")
      ? candidate.endsWith(wanted.slice(1)) && candidate.length > wanted.length - 1
      : candidate === wanted;
  });
}

function blocked(message: string): ConnectorError {
  return new ConnectorError({ code: "destination_blocked", phase: "destination", message });
}
