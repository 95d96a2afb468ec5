/** Settings of a connection: what whoever connects must give, besides credentials. */
import type { Connector } from "../../../schema/ir.ts";
import { same } from "../canonical.ts";
import { type DiffRules, Spot } from "../change.ts";
import type { Area } from "../comparison.ts";
import { hostSymbols, shown } from "../words.ts";
import { compareValues, valueRules } from "./values.ts";

export const settingRules: DiffRules = {
  ...valueRules("setting", "setting of a connection"),
  "diff/setting-default-changed": {
    level: "major",
    summary: "A setting has another default: connections that do not give it behave otherwise.",
  },
  "diff/setting-default-added": { level: "minor", summary: "An optional setting has a default now." },
  "diff/setting-host-default-changed": {
    level: "major",
    security: true,
    summary:
      "A setting that stands in a host has another default: credentials of connections that do not give it go elsewhere.",
  },
  "diff/setting-declared": {
    level: "patch",
    summary: "A setting that a URL implied is declared now, or the other way round.",
  },
};

export const compareSettings: Area = (comparison) => {
  const { old, new: now } = comparison;
  const report = comparison.reporter({ kind: "connector", id: now.slug });
  const inHost = new Set([...settingsInHosts(old), ...settingsInHosts(now)]);
  const place = (index: number | undefined, of: Connector): readonly (string | number)[] =>
    // An implied setting stands where the URL implies it, mostly the base.
    index === undefined
      ? ["connection_config"]
      : of.settings[index]?.implied
        ? ["base_url"]
        : ["connection_config", index];
  compareValues(
    old.settings,
    now.settings,
    {
      family: "setting",
      noun: "The setting",
      list: new Spot(["connection_config"], ["connection_config"]),
      spotOf: (from, to) => new Spot(place(from, old), place(to, now)),
      isInHost: (key) => inHost.has(key),
      report,
    },
    (before, after, spot) => {
      if (before.implied !== after.implied)
        report(
          "diff/setting-declared",
          spot,
          after.implied
            ? `The setting \`${after.key}\` is implied by a URL now.`
            : `The setting \`${after.key}\`, which a URL implied, is declared now.`,
        );
      if (same(before.default, after.default)) return;
      const step = `The default of the setting \`${after.key}\` changed from ${shown(before.default)} to ${shown(after.default)}.`;
      const at = spot.at("default_value");
      if (inHost.has(after.key) && after.default !== undefined)
        report("diff/setting-host-default-changed", at, step);
      else if (before.default !== undefined && (after.default !== undefined || !after.required))
        report("diff/setting-default-changed", at, step);
      // One that had to be given has become optional by its default: that is said already.
      else if (before.default === undefined && !before.required)
        report("diff/setting-default-added", at, step);
    },
  );
};

/** Settings that a host or a whole base URL is made of. */
function settingsInHosts({ profiles, operations }: Connector): readonly string[] {
  const origins = [
    ...profiles.flatMap((profile) => profile.origins),
    ...operations.map(({ exchange }) => exchange.url.origin),
  ];
  return origins.flatMap(hostSymbols).flatMap((symbol) => (symbol.kind === "setting" ? [symbol.key] : []));
}
