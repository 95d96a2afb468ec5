import { isSwapped, pageParameters, pagings } from "../paging.ts";
import type { Rule } from "../rule.ts";

export const paginationSwappedParameters: Rule = {
  id: "pagination/swapped-parameters",
  severity: "warning",
  summary:
    "Parameters whose names say that one is the size of a page and one its place, the other way round.",
  check: (model, report) => {
    const told = new Set<string>();
    for (const paging of pagings(model)) {
      const [place, size] = pageParameters(paging);
      if (!place || !size || !isSwapped(paging)) continue;
      const path = size.at.path;
      // Paging of the defaults serves many operations.
      if (told.has(path.join("/"))) continue;
      told.add(path.join("/"));
      report({
        path,
        message: `\`${size.name}\` would carry the size of a page, and \`${place.name}\` its place: their names say the opposite.`,
        label: "a place by its name",
        help: `Write \`${place.key}: ${size.name}\` and \`${size.key}: ${place.name}\`.`,
        related: [{ path: place.at.path, message: "a size by its name" }],
      });
    }
  },
};
