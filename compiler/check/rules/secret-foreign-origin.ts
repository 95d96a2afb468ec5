import type { Model } from "../../lower/lower.ts";
import { pointerText } from "../../read/tree.ts";
import { startsWith } from "../flow/exchanges.ts";
import { flowOf } from "../flow/flow.ts";
import { type ForeignUse, foreignUses, hasSeveralOwners } from "../flow/foreign.ts";
import { type Hop, nameOf } from "../flow/hops.ts";
import { passageOf } from "../flow/passage.ts";
import type { Rule } from "../rule.ts";
import { usesOf } from "../uses.ts";

export const secretForeignOrigin: Rule = {
  id: "secret/foreign-origin",
  severity: "error",
  summary:
    "A secret sent to a host of another owner than its own: what the user typed in (error), what an answer brought, or where the names are alike (warning).",
  check: (model, report) => {
    const flow = flowOf(model);
    if (!hasSeveralOwners(model, flow)) return;
    const told = new Set<string>();
    for (const profile of model.profiles) {
      const uses = foreignUses(profile, model, flow);
      for (const use of [...uses].sort((a, b) => Number(isGrave(b)) - Number(isGrave(a)))) {
        const { exchange, site, symbol, home } = use;
        const place = pointerText(exchange.at.path);
        if (told.has(place)) continue;
        told.add(place);
        const name = nameOf(symbol);
        report({
          path: exchange.at.path,
          message: `${name.charAt(0).toUpperCase()}${name.slice(1)} of the profile \`${profile.declared.id}\` would go to ${site.host}, ${strangerOf(use)}.`,
          label: `${exchange.what} sends it to ${site.domain} here`,
          help: `If ${site.host} is right, say so: list it under \`allowed_hosts\` of the profile. Else use a profile of its own, or mend the host.`,
          related: [
            ...flow.hopsTo(symbol, exchange.owner),
            ...placedAt(use, profile.declared.at.path, model),
            { path: home.at.path, message: `${home.what} sends it to ${home.site.host} here` },
          ],
          ...(isGrave(use) ? {} : { severity: "warning" }),
        });
      }
    }
  },
};

function isGrave({ given, kinship }: ForeignUse): boolean {
  return given && kinship === "unrelated";
}

function strangerOf({ home, kinship }: ForeignUse): string {
  return kinship === "unknown"
    ? `while the user chooses the host that it belongs to (${home.site.host})`
    : `which does not belong to ${home.site.kind === "fixed" ? home.site.domain : home.site.host}`;
}

/** Where the request takes the secret up: in its own texts, else in a placement, else by the profile's type. */
function placedAt({ symbol, exchange }: ForeignUse, profile: Hop["path"], model: Model): readonly Hop[] {
  const all = usesOf(model).of(symbol);
  const placements = (prefix: Hop["path"]): Hop["path"][] =>
    ["auth_headers", "auth_query", "auth_cookies"].map((key) => [...prefix, key]);
  const places = [exchange.from.path, ...placements(["defaults"]), ...placements(profile)];
  for (const place of places) {
    const found = all.find(({ path }) => startsWith(path, place));
    if (!found) continue;
    const { by } = passageOf(found);
    const message = `it is put into the request here${by === undefined ? "" : `, by ${by}`}`;
    return [{ path: found.path, span: found.span, message }];
  }
  return exchange.kind === "operation" || exchange.kind === "test"
    ? [{ path: [...profile, "type"], message: "this type sends it in `Authorization`" }]
    : [];
}
