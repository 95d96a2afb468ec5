import { flowOf } from "../flow/flow.ts";
import { nameOf } from "../flow/hops.ts";
import { passageOf } from "../flow/passage.ts";
import { sinkOf } from "../flow/sinks.ts";
import type { Rule } from "../rule.ts";

export const secretInHost: Rule = {
  id: "secret/in-host",
  severity: "warning",
  summary: "A secret that becomes part of a host name, which name servers and the network see.",
  check: (model, report) => {
    const flow = flowOf(model);
    const told = new Set<string>();
    for (const reference of model.lowering.references) {
      const { symbol, owner } = reference;
      if (sinkOf(reference) !== "host" || !flow.isSecret(symbol, owner)) continue;
      // A host that an answer chooses is judged by url/extract-in-host.
      if (symbol.kind !== "credential" || passageOf(reference).form === "signed") continue;
      const { path, span } = reference;
      const id = `${span.start} ${span.end}`;
      if (told.has(id)) continue;
      told.add(id);
      report({
        path,
        span,
        message: "A secret stands in a host name here: it is asked of name servers in the clear.",
        label: `${nameOf(symbol)} becomes part of the host here`,
        help: "If the value is only an address, make it a setting (`connection_config`) or a field that is not secret; else send it in a header.",
        related: flow.hopsTo(symbol, owner),
      });
    }
  },
};
