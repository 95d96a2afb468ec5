import type { DeclaredOperation } from "../../lower/declared.ts";
import type { Pointer } from "../../read/tree.ts";
import type { Rule } from "../rule.ts";

/** Where an operation says that it has a body: at `body`, or at the first body parameter's `location`. */
export function bodyPath({ at, parameters }: DeclaredOperation): Pointer | undefined {
  if (at.has("body")) return [...at.path, "body"];
  const parameter = parameters.find(({ location }) => location === "body");
  return parameter && [...parameter.at.path, "location"];
}

export const operationBodyOnGet: Rule = {
  id: "operation/body-on-get",
  severity: "warning",
  summary: "A body on a GET request, which many servers ignore (RFC 9110, section 9.3.1).",
  check: ({ declared, lowering }, report) => {
    for (const operation of declared.operations) {
      const lost = lowering.isStray("method") || lowering.lostKey(operation.at.path);
      if (!operation.at.has("method") && lost) continue;
      if (lowering.isBroken([...operation.at.path, "method"])) continue;
      if (operation.at.has("tool") || (operation.at.at("method").string() ?? "GET") !== "GET") continue;
      const path = bodyPath(operation);
      if (path)
        report({
          path,
          ...(path.at(-1) === "body" ? { at: "key" as const } : {}),
          ...(operation.at.has("method")
            ? { related: [{ path: [...operation.at.path, "method"], message: "the method" }] }
            : {}),
          message: "A GET request with a body: many servers and proxies ignore or refuse it.",
          help: operation.at.has("method")
            ? "Send the values in the query, or use POST."
            : "Say `method: POST` if that is meant; the default is GET.",
        });
    }
  },
};
