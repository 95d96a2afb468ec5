import type { Profile } from "../../schema/ir.ts";
import { ConnectorError } from "../errors.ts";
import type { GrantRecord } from "./grant-record.ts";

/** Nothing but a new consent, or a new refresh token, helps. */
export function deadGrant(why: string, cause?: ConnectorError): ConnectorError {
  return new ConnectorError({
    code: "reauthorization_required",
    phase: "credentials",
    message: `The consent has ended: ${why.replace(/\.$/, "")}. Sign in again (\`connector auth login\`), or give a new refresh token.`,
    ...(cause?.status === undefined ? {} : { status: cause.status }),
    ...(cause?.details ? { details: cause.details } : {}),
  });
}

/** There is no token, and nothing that would give one. */
export function nothingToRenew(hadToken: boolean, profile: Profile): ConnectorError {
  return new ConnectorError({
    code: "reauthorization_required",
    phase: "credentials",
    message: hadToken
      ? `The token of profile "${profile.id}" is refused or has ended, and there is no refresh token. Sign in again (\`connector auth login\`), or give a new \`access_token\`.`
      : `Nobody has signed in for profile "${profile.id}" yet. Run \`connector auth login\`, or give ${tokenFields(profile)} under \`credentials\`.`,
    details: { profile: profile.id },
  });
}

function tokenFields({ type }: Profile): string {
  return type === "oauth1" ? "`token` and `token_secret`" : "`access_token` or `refresh_token`";
}

/** A consent is for the origins that were shown when it was given: throws where the descriptor names others now. */
export function checkOrigins(profile: Profile, record: GrantRecord, now: readonly string[]): void {
  const added = now.filter((origin) => !record.origins.includes(origin));
  if (added.length === 0) return;
  throw new ConnectorError({
    code: "policy_denied",
    phase: "credentials",
    message: `The consent was given for ${record.origins.join(", ")}; the descriptor now also sends the credential to ${added.join(", ")}. Sign in again (\`connector auth login\`) to approve that.`,
    details: { profile: profile.id, origins: added },
  });
}
