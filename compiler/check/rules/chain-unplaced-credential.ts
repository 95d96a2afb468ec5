import type { Operation, Placement, ValueSymbol } from "../../../schema/ir.ts";
import type { Cursor } from "../../lower/cursor.ts";
import type { DeclaredProfile } from "../../lower/declared.ts";
import type { Model } from "../../lower/lower.ts";
import type { Rule } from "../rule.ts";
import { usesOf } from "../uses.ts";

export const chainUnplacedCredential: Rule = {
  id: "chain/unplaced-credential",
  severity: "warning",
  summary: "A profile that runs a chain and sends nothing of what it gives.",
  check: (model, report) => {
    if (model.declared.open.profiles) return;
    for (const { declared, profile } of model.profiles) {
      if (profile?.source.kind !== "chain" || declared.open) continue;
      if (model.lowering.hasUnresolved("profile", declared.id) || hasBrokenPlacement(model, declared.at))
        continue;
      const users = usersOf(model, declared);
      if (!users || users.length === 0) continue;
      const sent = [...users, profile.test?.exchange, profile.test?.placement, profile.signer];
      if (sent.some(gives)) continue;
      const chain = declared.at.at("credential_chain_id");
      report({
        path: chain.path,
        message: `\`${profile.source.token.name}\` goes nowhere: no operation of \`${declared.id}\` sends anything that the chain gives.`,
        label: "runs for nothing",
        help: `Use {${profile.source.token.name}} in \`auth_headers\`, or remove the placement that leaves it out: \`Authorization: Bearer\` is the default.`,
        related: placementSpans(model, declared),
      });
    }
  },
};

/** What says where the credential goes was found at fault. */
function hasBrokenPlacement({ lowering }: Model, at: Cursor): boolean {
  return ["auth_headers", "auth_query", "auth_cookies"].some((key) => {
    const place = at.at(key);
    return (
      lowering.isStray(key) ||
      lowering.lostKey(at.path) ||
      lowering.isBroken(place.path) ||
      place.entries().some(([, value]) => lowering.isBroken(value.path))
    );
  });
}

interface Use {
  readonly placement: Placement | undefined;
  readonly exchange: Operation["exchange"];
}

/** What the operations of a profile send; undefined where one of them is not known. */
function usersOf(model: Model, profile: DeclaredProfile): readonly Use[] | undefined {
  const users = usesOf(model).operationsOf(profile);
  const isUnknown = (id: string): boolean => model.lowering.hasUnresolved("operation", id);
  if (users.some(({ operation, declared }) => !operation || isUnknown(declared.id))) return undefined;
  return users.flatMap(({ operation }) =>
    operation
      ? [
          {
            placement: operation.auth.find((auth) => auth.profile === profile.id)?.placement,
            exchange: operation.exchange,
          },
        ]
      : [],
  );
}

/** True where a hole takes the token or an extract, or a signer does the sending. */
function gives(node: unknown): boolean {
  if (typeof node !== "object" || node === null) return false;
  const { kind, symbol, scheme } = node as { kind?: unknown; symbol?: ValueSymbol; scheme?: unknown };
  if (kind === "ref") return symbol?.kind === "extract" || symbol?.kind === "token";
  return (
    (typeof scheme === "string" && scheme !== "https" && scheme !== "http") || Object.values(node).some(gives)
  );
}

function placementSpans(
  model: Model,
  profile: DeclaredProfile,
): { path: readonly (string | number)[]; at: "key"; message: string }[] {
  const places = [
    profile.at,
    model.declared.root.at("defaults"),
    ...usesOf(model)
      .operationsOf(profile)
      .map(({ declared }) => declared.at),
  ];
  return places
    .flatMap((at) => ["auth_headers", "auth_query", "auth_cookies"].map((key) => at.at(key)))
    .filter((at) => at.exists)
    .slice(0, 1)
    .map((at) => ({ path: at.path, at: "key", message: "sent in its place" }));
}
