import type { Finding } from "../../diagnostics.ts";
import type { Cursor } from "../../lower/cursor.ts";
import type { Lowering } from "../../lower/lowering.ts";
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
      if (!at.has("endpoint")) continue;
      const isUnresolved = lowering.hasUnresolved("operation", id);
      const endpoint = at.at("endpoint");
      for (const parameter of parameters) {
        const { name } = parameter;
        if (parameter.location !== "path" || placed.has(`${id}\n${name}`)) continue;
        // A location that was told of may mean another one than was taken for it.
        if (lowering.isBroken([...parameter.at.path, "location"])) continue;
        const other = otherNotation(endpoint.string() ?? "", name);
        // Braces doubled, or none inside a call: the template has a finding of its own.
        if (other === "template" || (isUnresolved && other === undefined)) continue;
        if (other) {
          report({
            path: endpoint.path,
            message: `${other} is no hole: it is sent as it stands.`,
            help: `Write {${name}}.`,
            ...inBraces(endpoint, other, name, lowering),
            related: [{ path: [...parameter.at.path, "name"], message: "the parameter that it means" }],
          });
          continue;
        }
        report({
          path: [...parameter.at.path, "name"],
          message: `The endpoint has no {${name}} in its path.`,
          help: `Write {${name}} where the value belongs, or change the parameter's location.`,
          label: "has no place in the path",
          related: [{ path: endpoint.path, message: "the endpoint" }],
        });
      }
    }
  },
};

/** Braces in the place of another notation, where it stands once. */
function inBraces(endpoint: Cursor, other: string, name: string, lowering: Lowering): Pick<Finding, "fix"> {
  const { scalar } = endpoint;
  const text = endpoint.string() ?? "";
  const start = text.indexOf(other);
  const span = scalar && lowering.exactSpan(scalar, start, start + other.length);
  if (!span || text.split(other).length !== 2) return {};
  return { fix: { title: `Write {${name}} for ${other}`, edits: [{ span, text: `{${name}}` }] } };
}

/** How the endpoint names the parameter in the notation of another tool. */
function otherNotation(endpoint: string, name: string): string | undefined {
  const word = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  if (new RegExp(`\\{\\{\\s*${word}\\s*\\}\\}|\\w\\(\\s*[:<$%]?${word}>?%?\\s*[,)]`).test(endpoint))
    return "template";
  return new RegExp(
    `:${word}(?![\\w-])|<${word}>|\\$${word}(?![\\w-])|%${word}%|\\[${word}\\]|\\(${word}\\)`,
  ).exec(endpoint)?.[0];
}
