import type { Reference } from "../../lower/lowering.ts";
import { type Flow, flowOf } from "../flow/flow.ts";
import { nameOf } from "../flow/hops.ts";
import { type Passage, passageOf } from "../flow/passage.ts";
import { sinkOf } from "../flow/sinks.ts";
import type { Rule } from "../rule.ts";

export const secretInUrl: Rule = {
  id: "secret/in-url",
  severity: "warning",
  summary: "A secret written into a URL, which servers and proxies log.",
  check: (model, report) => {
    const flow = flowOf(model);
    const told = new Set<string>();
    for (const reference of model.lowering.references) {
      if (sinkOf(reference) !== "path or query" || !isSecret(reference, flow)) continue;
      const passage = passageOf(reference);
      const id = `${reference.span.start} ${reference.span.end}`;
      if (passage.form === "signed" || told.has(id)) continue;
      told.add(id);
      const { symbol, owner, path, span } = reference;
      report({
        path,
        span,
        message: messageOf(passage),
        label: `${nameOf(symbol)} becomes part of the URL here${passage.by === undefined ? "" : `, by ${passage.by}`}`,
        help:
          owner.kind === "operation"
            ? "Send it in a header (`auth_headers`); where the API knows no other way, use `auth_query`."
            : "Send it in a header or in the body if the API allows it.",
        related: flow.hopsTo(symbol, owner),
      });
    }
    for (const { name, type, location, at } of model.declared.operations.flatMap((one) => one.parameters))
      if (location === "query" && (type === "secret" || type === "password"))
        report({
          path: [...at.path, "location"],
          message: "A secret stands in a URL here; URLs end up in logs.",
          label: `\`${name}\` is sent in the query`,
          help: "Send it in a header or in the body if the API allows it.",
          related: [{ path: [...at.path, "field_type"], message: "it is declared a secret here" }],
        });
  },
};

/** A parameter that is secret comes from the caller; all other secrets are known to the flow. */
function isSecret({ symbol, owner, secret }: Reference, flow: Flow): boolean {
  return symbol.kind === "parameter" ? secret : flow.isSecret(symbol, owner);
}

function messageOf({ form, by }: Passage): string {
  return form === "hashed"
    ? `The \`${by}\` of a secret stands in a URL here; URLs end up in logs, and the hash stands in for the secret.`
    : "A secret stands in a URL here; URLs end up in logs.";
}
