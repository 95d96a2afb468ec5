import type { DeclaredChain } from "../../lower/declared.ts";
import { createFind } from "../../lower/find.ts";
import type { Rule } from "../rule.ts";

const findChain = createFind<DeclaredChain>(({ id }) => id);

export const chainCircular: Rule = {
  id: "chain/circular",
  severity: "error",
  summary: "A step that needs the token which its own chain is to obtain.",
  check: ({ declared, lowering }, report) => {
    for (const reference of lowering.references) {
      const { symbol, owner } = reference;
      // Steps of `oauth.after_token` come when the token is there.
      const inChain = owner.kind === "chain" && reference.path[0] === "credential_chains";
      if (!inChain || symbol.kind !== "token") continue;
      const chain = findChain(declared.chains, owner.id);
      report({
        path: reference.path,
        span: reference.span,
        message: "The token is what this chain obtains: none of its steps has it.",
        label: "needs the token",
        help: "Use what an earlier step extracts, or what the user gives.",
        related: chain
          ? [{ path: [...chain.at.path, "final_credential_name"], message: "gives the token" }]
          : [],
      });
    }
  },
};
