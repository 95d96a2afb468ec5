import { wireName } from "../../lower/entries.ts";
import { duplicateRule, type Named } from "../duplicates.ts";
import type { Rule } from "../rule.ts";

export const parameterDuplicateWireName: Rule = duplicateRule({
  id: "parameter/duplicate-wire-name",
  blocking: false,
  summary: "Two parameters of one location with one name on the wire.",
  what: "parameter that is sent as",
  help: "Give each parameter of a location a `wire_name` of its own.",
  names: ({ declared, lowering }) => {
    // A parameter that a hole places is not sent under its own name; two at one place of the body are told by lowering.
    const placed = new Set(
      lowering.references.flatMap(({ symbol, owner }) =>
        symbol.kind === "parameter" && owner.kind === "operation" ? [`${owner.id}\n${symbol.name}`] : [],
      ),
    );
    return declared.operations.flatMap(({ id, at, parameters }) => {
      const group = at.path.join("/");
      const fixed = at
        .at("query")
        .entries()
        .map(([name, value]): Named => ({ group: `${group} query`, name, path: value.path, at: "key" }));
      const twins = new Map<string, number>();
      for (const { name } of parameters) twins.set(name, (twins.get(name) ?? 0) + 1);
      const own = parameters.flatMap((p): Named[] => {
        // Two equal names are the other rule's finding.
        const told = !p.at.has("wire_name") && (twins.get(p.name) ?? 0) > 1;
        if (p.location === "path" || p.location === "body" || told || placed.has(`${id}\n${p.name}`))
          return [];
        const wire = wireName(p);
        const name = p.location === "header" ? wire.toLowerCase() : wire;
        const key = p.at.has("wire_name") ? "wire_name" : "name";
        return [{ group: `${group} ${p.location}`, name, shown: wire, path: [...p.at.path, key] }];
      });
      return [...fixed, ...own];
    });
  },
});
