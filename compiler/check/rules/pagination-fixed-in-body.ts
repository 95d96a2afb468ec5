import type { Cursor } from "../../lower/cursor.ts";
import { allPageParameters, isCursor, pagings } from "../paging.ts";
import type { Rule } from "../rule.ts";

export const paginationFixedInBody: Rule = {
  id: "pagination/fixed-in-body",
  severity: "warning",
  summary:
    "A paging parameter that goes into the query while the body says a fixed value under the same name.",
  check: (model, report) => {
    for (const paging of pagings(model)) {
      const body = paging.operation.at.at("body");
      const place = paging.at.at("cursor_location").string() ?? "query";
      for (const parameter of allPageParameters(paging)) {
        const { name, at, declared } = parameter;
        if (declared || (isCursor(parameter) && place !== "query")) continue;
        const fixed = literalAt(body, name);
        if (!fixed) continue;
        report({
          path: at.path,
          ...(at === paging.at ? { at: "key" as const } : {}),
          message: `\`${name}\` goes into the query, and \`${name}\` of the body stays ${JSON.stringify(fixed.scalar?.value)} on every page.`,
          label: "sent in the query",
          help: isCursor(parameter)
            ? "Say `cursor_location: body`, or declare a parameter with `location: body` and put its hole here."
            : `Declare a parameter \`${name}\` with \`location: body\` and leave the name out of the body.`,
          related: [{ path: fixed.path, message: "the same on every page" }],
        });
      }
    }
  },
};

/** A value without a hole under a name, whose dots lead deeper. */
function literalAt(body: Cursor, name: string): Cursor | undefined {
  if (body.node?.kind !== "map") return undefined;
  const at = body.has(name) ? body.at(name) : name.split(".").reduce((inner, part) => inner.at(part), body);
  const value = at.scalar?.value;
  return value === undefined || (typeof value === "string" && value.includes("{")) ? undefined : at;
}
