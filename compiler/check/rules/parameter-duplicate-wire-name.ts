import { wireName } from "../../lower/entries.ts";
import { duplicateRule } from "../duplicates.ts";
import type { Rule } from "../rule.ts";

export const parameterDuplicateWireName: Rule = duplicateRule({
  id: "parameter/duplicate-wire-name",
  summary: "Two parameters of one location with one name on the wire.",
  what: "parameter that is sent as",
  help: "Give each parameter of a location a `wire_name` of its own.",
  names: ({ declared }) =>
    declared.operations.flatMap(({ at, parameters }) => {
      return (
        parameters
          .filter((p) => p.location !== "path" && (p.location !== "body" || !p.at.has("body_path")))
          // Two equal names are the other rule's finding.
          .filter(
            (p) => wireName(p) !== p.name || parameters.filter(({ name }) => name === p.name).length === 1,
          )
          .map((p) => {
            const wire = wireName(p);
            return {
              group: `${at.path.join("/")} ${p.location}`,
              name: p.location === "header" ? wire.toLowerCase() : wire,
              shown: wire,
              path: [...p.at.path, p.at.has("wire_name") ? "wire_name" : "name"],
            };
          })
      );
    }),
});
