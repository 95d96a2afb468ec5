/** How a credential comes to be: from fields, by a chain, by OAuth, by a signature. */
import type { CredentialSource, Json, JsonObject, OAuth2Source, Step } from "../../../schema/ir.ts";
import { list } from "../../../schema/language/spelling.ts";
import { difference, own, same } from "../canonical.ts";
import { type DiffRules, type Report, Spot } from "../change.ts";
import { isReordered, matchLists } from "../fields.ts";
import { isObject } from "../schema/resolve.ts";
import { contentOf } from "../words.ts";

export const sourceRules: DiffRules = {
  "diff/credential-source-changed": {
    level: "major",
    summary:
      "A token comes to be in another way, such as by a chain instead of from fields: stored sessions are void.",
  },
  "diff/chain-renamed": {
    level: "patch",
    summary: "A credential chain has another id; nobody outside knows it.",
  },
  "diff/chain-step-added": { level: "minor", summary: "A credential chain has another step." },
  "diff/chain-step-removed": { level: "minor", summary: "A credential chain has a step less." },
  "diff/chain-step-changed": {
    level: "minor",
    summary: "A step of a credential chain sends or extracts something else.",
  },
  "diff/chain-life-changed": { level: "minor", summary: "A credential of a chain is kept for another time." },
  "diff/chain-token-changed": { level: "minor", summary: "Another value of a chain is the credential." },
  "diff/oauth-grant-changed": {
    level: "major",
    summary: "A profile uses another OAuth grant: users must connect again.",
  },
  "diff/oauth-scope-added": {
    level: "major",
    security: true,
    summary: "A profile asks for more scopes: users must consent again, and grant more than they did.",
  },
  "diff/oauth-scope-removed": { level: "minor", summary: "A profile asks for fewer scopes." },
  "diff/oauth-url-origin-changed": {
    level: "major",
    security: true,
    summary: "Users sign in, or client secrets and codes are sent, at another origin.",
  },
  "diff/oauth-url-changed": { level: "minor", summary: "An OAuth endpoint has another path." },
  "diff/oauth-settings-changed": {
    level: "minor",
    summary: "Other OAuth settings changed, such as the audience or PKCE.",
  },
  "diff/signature-changed": { level: "minor", summary: "Requests are signed with other settings." },
};

const roleChain = "assume_role";

/** Where a chain stands. */
function chainSpot(old: string, now: string): Spot {
  return new Spot(
    ["credential_chains", { key: "chain_id", is: old }],
    ["credential_chains", { key: "chain_id", is: now }],
  );
}

function stepSpot(chain: Spot, name: string): Spot {
  return chain.at("steps").at({ key: "step_name", is: name });
}

/** The endpoints that a source calls, for what they have in common. */
export function endpointsOf(old: CredentialSource, now: CredentialSource): readonly Spot[] {
  if (old.kind !== "chain" || now.kind !== "chain") return [];
  const chain = chainSpot(old.chain, now.chain);
  return now.steps.map(({ name }) => stepSpot(chain, name).at("endpoint"));
}

export function compareSource(
  old: CredentialSource,
  now: CredentialSource,
  spot: Spot,
  report: Report,
): void {
  // An assumed role is a chain that the compiler writes: its settings tell.
  if (old.kind === "chain" && now.kind === "chain" && old.chain === roleChain && now.chain === roleChain)
    return;
  if (old.kind === "chain" && now.kind === "chain") {
    const chain = chainSpot(old.chain, now.chain);
    if (old.chain !== now.chain)
      report(
        "diff/chain-renamed",
        spot.at("credential_chain_id"),
        `The chain \`${old.chain}\` is called \`${now.chain}\` now.`,
      );
    compareSteps(old.steps, now.steps, chain, report);
    if (!same(old.token, now.token))
      report(
        "diff/chain-token-changed",
        chain.at("final_credential_name"),
        `The credential is \`${now.token.name}\` of \`${now.token.step}\` now.`,
        "key",
      );
  } else if (old.kind === "oauth2" && now.kind === "oauth2") compareOAuth(old, now, spot.at("oauth"), report);
  else if (old.kind !== now.kind)
    report(
      "diff/credential-source-changed",
      spot.at("credential_chain_id").or(spot.at("type")),
      "The credential comes to be in another way.",
    );
}

function compareSteps(old: readonly Step[], now: readonly Step[], chain: Spot, report: Report): void {
  const matched = matchLists(old, now, ({ name }) => name);
  for (const { item } of matched.removed)
    report(
      "diff/chain-step-removed",
      stepSpot(chain, item.name),
      `The step \`${item.name}\` is gone.`,
      "key",
    );
  for (const { item } of matched.added)
    report("diff/chain-step-added", stepSpot(chain, item.name), `The step \`${item.name}\` is new.`, "key");
  if (isReordered(matched))
    report("diff/chain-step-changed", chain.at("steps"), "The steps run in another order.", "key");
  for (const pair of matched.both) compareStep(pair.old, pair.new, stepSpot(chain, pair.new.name), report);
}

function compareStep(old: Step, now: Step, spot: Spot, report: Report): void {
  if (!same(old.life, now.life))
    report(
      "diff/chain-life-changed",
      spot.at("ttl_seconds").or(spot.at("ttl_from"), spot.at("extract")),
      `What the step \`${now.name}\` obtains is kept for another time.`,
      "key",
    );
  const [before, after] = [old, now].map((step) => contentOf({ ...step, life: "" }));
  if (!same(before, after))
    report(
      "diff/chain-step-changed",
      spot.at("endpoint").or(...stepParts.map((part) => spot.at(part)), base, spot),
      `The step \`${now.name}\` sends or extracts something else.`,
      "key",
    );
}

const base = new Spot(["base_url"], ["base_url"]);
const stepParts = [
  "method",
  "headers",
  "query",
  "body",
  "content_type",
  "extract",
  "cache_key",
  "success_status",
];

function compareOAuth(old: OAuth2Source, now: OAuth2Source, spot: Spot, report: Report): void {
  if (old.grant !== now.grant)
    report("diff/oauth-grant-changed", spot, `The grant changed from \`${old.grant}\` to \`${now.grant}\`.`);
}

/** The section of a profile's type as written: what a token is asked for with, or a signature made of. */
export function compareSettings(
  old: JsonObject | undefined = {},
  now: JsonObject | undefined = {},
  section: string,
  spot: Spot,
  report: Report,
): void {
  for (const key of keysOf(old, now)) {
    const at = spot.at(section).at(key);
    const [before, after] = [own(old, key), own(now, key)];
    if (section !== "oauth") report("diff/signature-changed", at, `\`${section}.${key}\` changed.`, "key");
    else if (key === "default_scopes" || (key === "scopes" && !asksDefaults(old, now)))
      compareScopes(before, after, key, at, report);
    else if (/_url$/.test(key))
      report(
        originOf(before) === originOf(after) ? "diff/oauth-url-changed" : "diff/oauth-url-origin-changed",
        at,
        `\`${key}\` changed from ${textOf(before)} to ${textOf(after)}.`,
      );
    else report("diff/oauth-settings-changed", at, `\`oauth.${key}\` changed.`, "key");
  }
}

/** Where default scopes are named, the full list is only what may be asked for. */
function asksDefaults(old: JsonObject, now: JsonObject): boolean {
  return [old, now].every((settings) => own(settings, "default_scopes") !== undefined);
}

function compareScopes(
  old: Json | undefined,
  now: Json | undefined,
  key: string,
  spot: Spot,
  report: Report,
): void {
  const { removed, added } = difference(scopesOf(old), scopesOf(now));
  if (added.length > 0)
    report("diff/oauth-scope-added", spot, `The scope ${list(added)} is asked for now.`, "key");
  if (removed.length > 0)
    report("diff/oauth-scope-removed", spot, `The scope ${list(removed)} is not asked for any more.`, "key");
  if (removed.length + added.length === 0)
    report("diff/oauth-settings-changed", spot, `\`oauth.${key}\` is written otherwise.`, "key");
}

function scopesOf(value: Json | undefined): readonly string[] {
  if (!Array.isArray(value)) return typeof value === "string" ? value.split(" ") : [];
  return value.flatMap((scope: Json) =>
    isObject(scope) ? (typeof scope.name === "string" ? [scope.name] : []) : [String(scope)],
  );
}

/** The part of a URL that says who answers. */
function originOf(url: Json | undefined): string {
  return typeof url === "string" ? (/^[^/]*\/\/[^/?#]*/.exec(url)?.[0] ?? "") : "none";
}

function textOf(url: Json | undefined): string {
  return typeof url === "string" ? `\`${url}\`` : "nothing";
}

function keysOf(old: JsonObject, now: JsonObject): readonly string[] {
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].filter(
    (key) => !same(own(old, key), own(now, key)),
  );
}
