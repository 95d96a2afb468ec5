/** Which origins may be called where no socket can be looked at: names are judged by themselves, what they resolve to is not known. */
import { originFault } from "../../schema/language/origin-fault.ts";
import type { ProfilePlan } from "../../schema/standalone-plan.ts";
import { type ConnectorError, failure } from "./errors.ts";
import { planHas } from "./plan-has.ts";
import { type Made, originOf } from "./request.ts";
import type { Scope } from "./template.ts";
import type { World } from "./world.ts";

/** Hosts of `network.allow`, each with its port where one was given. */
export type NetworkRules = readonly { readonly host: string; readonly port: string | undefined }[];

/** Reads entries of the forms `host`, `*.host`, `10.1.2.3`, `[::1]`, each with an optional `:port`. Throws `configuration` for others. */
export function parseNetworkRules(allow: readonly string[]): NetworkRules {
  return allow.map((entry) => {
    const found = /^((?:\*\.)?[\w.-]+|\[[\da-f:.]+\])(?::(\d{1,5}))?$/i.exec(entry);
    if (!found)
      throw failure(
        "configuration",
        `network.allow cannot use ${JSON.stringify(entry)}. Write host, *.host, 10.0.0.1 or [fd00::1], each with an optional :port.`,
      );
    return { host: (found[1] ?? "").toLowerCase(), port: found[2] };
  });
}

/** Whether a rule names this host and port. */
export function isAllowed(rules: NetworkRules): (host: string, port: string) => boolean {
  return (host, port) =>
    rules.some(
      (rule) =>
        (rule.port ?? port) === port &&
        (rule.host.startsWith("*.") ? host.endsWith(rule.host.slice(1)) : host === rule.host),
    );
}

/**
 * Throws where a request must not go. What an answer or a key file names must be an origin that the descriptor names, or one
 * that `allowed_hosts` admits.
 */
export function judgeDestination(
  {
    world,
    profile,
    exchange,
  }: {
    readonly world: World;
    readonly profile: ProfilePlan | undefined;
    readonly exchange: { readonly foreign?: true };
  },
  { origin, own }: Pick<Made, "origin" | "own">,
  scope: Scope,
): void {
  const reason = originFault(origin, isAllowed(world.rules));
  if (reason !== undefined)
    throw blocked(
      `${origin} is refused: ${reason}. If this destination is meant, name it under \`network.allow\`.`,
    );
  const isLed =
    planHas.elsewhere &&
    (origin !== own || (planHas.foreign && exchange.foreign && !isNamed(profile, origin, scope)));
  if (planHas.elsewhere && isLed && !admits(profile?.hosts ?? [], origin))
    throw blocked(
      `An answer leads to ${origin}, which is not an origin of this profile: the credential stays here. If it is right, add the host to \`allowed_hosts\`.`,
    );
}

function isNamed(profile: ProfilePlan | undefined, wanted: string, scope: Scope): boolean {
  return (profile?.origins ?? []).some((origin) => {
    try {
      return originOf(origin, scope).origin === wanted;
    } catch {
      // An origin whose setting is not given names nothing.
      return false;
    }
  });
}

/** Exact hosts, `*.example.com` for those below; an entry with a port admits only that port. */
function admits(hosts: readonly string[], origin: string): boolean {
  const { host, hostname } = new URL(origin);
  return hosts.some((entry) => {
    const wanted = entry.toLowerCase();
    const candidate = /:\d+$/.test(wanted) ? host : hostname;
    return wanted.startsWith("*.") ? candidate.endsWith(wanted.slice(1)) : candidate === wanted;
  });
}

function blocked(message: string): ConnectorError {
  return failure("destination_blocked", message);
}
