import type { Rule } from "../rule.ts";

export const parameterPathNotInEndpoint: Rule = {
  id: "parameter/path-not-in-endpoint",
  severity: "error",
  summary: "A path parameter without a hole in the endpoint.",
  check: ({ declared, lowering }, report) => {
    const placed = new Set<string>();
    for (const { symbol, context, owner } of lowering.references)
      if (
        symbol.kind === "parameter" &&
        owner.kind === "operation" &&
        (context === "path" || context === "path_slashes" || context === "raw")
      )
        placed.add(`${owner.id}\n${symbol.name}`);
    for (const { id, at, parameters } of declared.operations) {
      if (lowering.hasUnresolved("operation", id) || !at.has("endpoint")) continue;
      const endpoint = at.at("endpoint");
      for (const parameter of parameters) {
        const { name } = parameter;
        if (parameter.location !== "path" || placed.has(`${id}\n${name}`)) continue;
        const other = otherNotation(endpoint.string() ?? "", name);
        // Braces doubled, or none inside a call: the template has a finding of its own.
        if (other === "template") continue;
        if (other) {
          report({
            path: endpoint.path,
            message: `${other} is no hole: it is sent as it stands.`,
            help: `Write {${name}}.`,
          });
          continue;
        }
        report({
          path: [...parameter.at.path, "name"],
          message: `The endpoint has no {${name}} in its path.`,
          help: `Write {${name}} where the value belongs, or change the parameter's location.`,
          related: [{ path: endpoint.path, message: "the endpoint" }],
        });
      }
    }
  },
};

/** How the endpoint names the parameter in the notation of another tool. */
function otherNotation(endpoint: string, name: string): string | undefined {
  const word = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  if (new RegExp(`\\{\\{\\s*${word}\\s*\\}\\}|\\(\\s*${word}\\s*[,)]`).test(endpoint)) return "template";
  return new RegExp(`:${word}(?![\\w-])|<${word}>|\\$${word}(?![\\w-])|%${word}%|\\[${word}\\]`).exec(
    endpoint,
  )?.[0];
}
