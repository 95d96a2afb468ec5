/** Authentication profiles: what users must supply, how a token comes to be, and where credentials may go. */
import type { CredentialField, Profile, TestExchange } from "../../../schema/ir.ts";
import { list } from "../../../schema/language/spelling.ts";
import { difference, same } from "../canonical.ts";
import { type DiffRules, type Report, Spot } from "../change.ts";
import { type Area, type Comparison, orSaySo, profileKey } from "../comparison.ts";
import { compareFields, isReordered, matchLists } from "../fields.ts";
import { contentOf, hostSymbols, originText } from "../words.ts";
import { comparePlacement } from "./placements.ts";
import { compareSettings, compareSource, endpointsOf } from "./sources.ts";
import { compareValues, valueRules } from "./values.ts";

export const profileRules: DiffRules = {
  "diff/profile-removed": {
    level: "major",
    summary: "A profile is gone, and connections that use it with it.",
  },
  "diff/profile-renamed": {
    level: "major",
    summary: "A profile has another id; connections name the old one.",
  },
  "diff/profile-added": { level: "minor", summary: "A profile is new." },
  "diff/profile-type-changed": { level: "major", summary: "A profile authenticates in another way." },
  "diff/profile-text-changed": {
    level: "patch",
    summary: "The description or documentation of a profile changed, or the order of profiles.",
  },
  ...valueRules("credential", "credential field of a profile"),
  "diff/credential-secrecy-lowered": {
    level: "major",
    security: true,
    summary: "A credential field is no secret any more: its value shows where secrets are hidden.",
  },
  "diff/credential-became-secret": { level: "minor", summary: "A credential field is a secret now." },
  "diff/credential-declared": {
    level: "patch",
    summary: "A credential field that the type implied is declared now, or the other way round.",
  },
  "diff/credential-origin-added": {
    level: "major",
    security: true,
    summary: "Credentials of a profile may go to another origin: stored connections must be approved for it.",
  },
  "diff/credential-origin-removed": {
    level: "major",
    summary:
      "Credentials of a profile no longer go to an origin; connections approved for it are of no use there.",
  },
  "diff/allowed-host-added": {
    level: "major",
    security: true,
    summary: "A response may lead credentials of a profile to another host.",
  },
  "diff/allowed-host-removed": {
    level: "major",
    summary: "A response may no longer lead to a host: next pages and redirects there are refused.",
  },
  "diff/expiry-rule-changed": { level: "minor", summary: "Another sign says that a credential has expired." },
  "diff/test-endpoint-changed": { level: "patch", summary: "Credentials are tried out by another call." },
  "diff/client-certificate-changed": {
    level: "major",
    summary: "A profile asks for a client certificate, for another one, or for none any more.",
  },
};

export const compareProfiles: Area = (comparison) => {
  const root = new Spot(["authentication"], ["authentication"]);
  const matched = matchLists(comparison.old.profiles, comparison.new.profiles, ({ id }) => id, profileKey);
  for (const { item, from } of matched.removed)
    comparison.reporter({ kind: "profile", id: item.id })(
      "diff/profile-removed",
      new Spot([...root.old, from], root.new),
      "The profile is gone.",
    );
  for (const { item, to } of matched.added)
    comparison.reporter({ kind: "profile", id: item.id })(
      "diff/profile-added",
      new Spot(root.old, [...root.new, to]),
      "The profile is new.",
    );
  for (const pair of matched.both) {
    const report = comparison.reporter({ kind: "profile", id: pair.new.id });
    const spot = root.at(pair.from, pair.to);
    orSaySo(comparison, report, spot, pair, () => compareProfile(comparison, pair, spot, report));
  }
  if (isReordered(matched))
    comparison.reporter({ kind: "connector", id: comparison.new.slug })(
      "diff/profile-text-changed",
      root,
      "The profiles stand in another order.",
      "key",
    );
};

function compareProfile(
  comparison: Comparison,
  { old, new: now }: { readonly old: Profile; readonly new: Profile },
  spot: Spot,
  report: Report,
): void {
  compareFields(old, now, {
    id: (before) =>
      report(
        "diff/profile-renamed",
        spot.at("profile_id").or(spot.at("type")),
        `The profile \`${before}\` is called \`${now.id}\` now.`,
      ),
    type: (before, after) =>
      report(
        "diff/profile-type-changed",
        spot.at("type"),
        `The type changed from \`${before}\` to \`${after}\`.`,
      ),
    description: () =>
      report("diff/profile-text-changed", spot.at("description"), "The description changed."),
    docs_url: () =>
      report("diff/profile-text-changed", spot.at("docs_url"), "The link to the documentation changed."),
    fields: () => compareCredentials({ old, new: now }, spot.at("fields"), report),
    source: () => compareSource(old.source, now.source, spot, report),
    settings: (before, after) => compareSettings(before, after, sectionOf(now), spot, report),
    signer: () => {
      // Fields and settings are told where they stand.
      if (same([old.settings, old.fields], [now.settings, now.fields]))
        report("diff/signature-changed", spot.at("type"), `Requests of \`${now.id}\` are signed otherwise.`);
    },
    login: () => {
      if (same([old.settings, old.fields], [now.settings, now.fields]))
        report("diff/oauth-settings-changed", spot.at("oauth"), "Users sign in otherwise.", "key");
    },
    placement: () => comparePlacement(old.placement, now.placement, now.id, spot, report),
    test: (before, after) => compareTests(before, after, spot.at("test_endpoint"), report),
    expired_when: () =>
      report(
        "diff/expiry-rule-changed",
        spot.at("expired_when"),
        "Another sign says that the credential has expired.",
        "key",
      ),
    origins: () => compareOrigins(comparison, { old, new: now }, spot, report),
    allowed_hosts: () => {
      const path = ["allowed_hosts"];
      const at = spot.at("allowed_hosts").or(new Spot(path, path));
      const { removed, added } = difference(old.allowed_hosts, now.allowed_hosts);
      if (added.length > 0)
        report(
          "diff/allowed-host-added",
          at,
          `A response may lead credentials to ${list(added)} now.`,
          "key",
        );
      if (removed.length > 0)
        report(
          "diff/allowed-host-removed",
          at,
          `A response may not lead credentials to ${list(removed)} any more.`,
          "key",
        );
    },
    mtls: (before, after) =>
      report(
        "diff/client-certificate-changed",
        spot.at("mtls"),
        after === undefined
          ? "Connections present no client certificate any more."
          : before === undefined
            ? "Connections must present a client certificate now."
            : "The client certificate is taken from other fields.",
        "key",
      ),
  });
}

function sectionOf({ type }: Profile): string {
  return type.startsWith("oauth2_") || type === "service_account" ? "oauth" : type;
}

function compareCredentials(
  pair: { readonly old: Profile; readonly new: Profile },
  root: Spot,
  report: Report,
): void {
  const inHost = new Set(
    [...pair.old.origins, ...pair.new.origins]
      .flatMap(hostSymbols)
      .flatMap((symbol) => (symbol.kind === "credential" ? [symbol.key] : [])),
  );
  compareValues<CredentialField>(
    pair.old.fields,
    pair.new.fields,
    {
      family: "credential",
      noun: "The field",
      list: root,
      // An implied field stands nowhere: the profile's type implies it.
      spotOf: (from, to) =>
        new Spot(
          from === undefined ? root.old : [...root.old, from],
          to === undefined ? root.new : [...root.new, to],
        ),
      isInHost: (key) => inHost.has(key),
      report,
    },
    (before, after, spot) => {
      if (before.secret !== after.secret)
        report(
          after.secret ? "diff/credential-became-secret" : "diff/credential-secrecy-lowered",
          spot.at("secret").or(spot.at("field_type")),
          after.secret
            ? `The field \`${after.key}\` is a secret now.`
            : `The field \`${after.key}\` is no secret any more.`,
        );
      if (before.implied !== after.implied)
        report(
          "diff/credential-declared",
          spot,
          after.implied
            ? `The field \`${after.key}\` is implied by the type now.`
            : `The field \`${after.key}\`, which the type implied, is declared now.`,
        );
    },
  );
}

function compareTests(
  old: TestExchange | undefined,
  now: TestExchange | undefined,
  spot: Spot,
  report: Report,
): void {
  const parts = (test: TestExchange | undefined): unknown =>
    test && contentOf([{ ...test.exchange, id: "" }, test.expected_status]);
  // Its placement is mostly that of the profile or an operation, and told there.
  if (!same(parts(old), parts(now)))
    report("diff/test-endpoint-changed", spot, "Credentials are tried out by another call.", "key");
}

function compareOrigins(
  comparison: Comparison,
  { old, new: now }: { readonly old: Profile; readonly new: Profile },
  spot: Spot,
  report: Report,
): void {
  const { removed, added } = difference(old.origins.map(originText), now.origins.map(originText));
  // What names an origin: mostly the base, else an endpoint, a chain or the test.
  const base = ["base_url"];
  const places = new Map(comparison.old.operations.map(({ id }, index) => [id, index]));
  const endpoints = comparison.new.operations.flatMap(({ id }, to) => {
    const from = places.get(id);
    return from === undefined
      ? []
      : [new Spot(["operations", from, "endpoint"], ["operations", to, "endpoint"])];
  });
  const at = new Spot(base, base).or(
    ...endpoints,
    ...endpointsOf(old.source, now.source),
    spot.at("test_endpoint"),
    spot,
  );
  if (added.length > 0)
    report(
      "diff/credential-origin-added",
      at,
      `Credentials of this profile go to ${list(added)} now${removed.length > 0 ? `, and no longer to ${list(removed)}` : ""}.`,
      "key",
    );
  else if (removed.length > 0)
    report(
      "diff/credential-origin-removed",
      at,
      `Credentials of this profile do not go to ${list(removed)} any more.`,
      "key",
    );
}
