import { inStyle } from "../../validate/words.ts";
import { pageParameters, pagings } from "../paging.ts";
import type { Rule } from "../rule.ts";

export const paginationCursorLocation: Rule = {
  id: "pagination/cursor-location",
  severity: "warning",
  summary: "A `cursor_location` that says other than the location of the declared parameter.",
  check: (model, report) => {
    for (const paging of pagings(model)) {
      const at = paging.at.at("cursor_location");
      const place = at.string();
      const cursor = pageParameters(paging).find(({ key }) => key === "cursor_param");
      const declared = cursor?.declared;
      if (place === undefined || !declared || declared.location === place) continue;
      report({
        path: at.path,
        message: `The cursor does not go into the ${place}: \`${cursor.name}\` is a parameter with \`location: ${declared.location}\`.`,
        label: "not looked at",
        help: "`cursor_location` is for names that no parameter has: remove it, or mend the parameter's `location`.",
        ...(at.scalar ? { replace: inStyle(declared.location, at.scalar) } : {}),
        related: [{ path: [...declared.at.path, "location"], message: "this decides" }],
      });
    }
  },
};
