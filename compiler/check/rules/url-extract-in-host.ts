import type { DeclaredProfile } from "../../lower/declared.ts";
import { createFind, createFindAll } from "../../lower/find.ts";
import type { LoweredOperation } from "../../lower/operation.ts";
import { isHostContext } from "../../lower/scope.ts";
import { flowOf } from "../flow/flow.ts";
import { nameOf } from "../flow/hops.ts";
import type { Rule } from "../rule.ts";

export const urlExtractInHost: Rule = {
  id: "url/extract-in-host",
  severity: "error",
  summary: "A host that a response chooses, without `allowed_hosts`.",
  check: (model, report) => {
    const { declared, lowering, operations } = model;
    const flow = flowOf(model);
    for (const reference of lowering.references) {
      const { symbol, context, owner } = reference;
      if (
        !isHostContext(context) ||
        (symbol.kind !== "extract" && symbol.kind !== "oauth" && symbol.kind !== "token")
      )
        continue;
      const profiles =
        owner.kind === "operation"
          ? findOperation(operations, owner.id)?.profiles
          : [...byId(declared.profiles, owner.id), ...byChain(declared.profiles, owner.id)];
      const open = (profiles ?? []).filter(
        ({ at }) => !at.has("allowed_hosts") && !declared.root.has("allowed_hosts"),
      );
      if (open.length === 0) continue;
      report({
        path: reference.path,
        span: reference.span,
        message: "A response would choose the host that the credential goes to.",
        label: `${nameOf(symbol)} becomes the host here`,
        help: "List the hosts that are right under `allowed_hosts` of the profile, such as `*.example.com`.",
        related: flow.hopsTo(symbol, owner).slice(-1),
      });
    }
  },
};

const findOperation = createFind<LoweredOperation>(({ declared }) => declared.id);
const byId = createFindAll<DeclaredProfile>(({ id }) => id);
const byChain = createFindAll<DeclaredProfile>(({ chain }) => chain?.id ?? "");
