import { pageParameters, pagings } from "../paging.ts";
import type { Rule } from "../rule.ts";
import { hasCrossedBounds } from "../schemas.ts";
import { refusalOf } from "../shape/admits.ts";
import { answersOf } from "../shape/answer.ts";

export const paginationPageSize: Rule = {
  id: "pagination/page-size",
  severity: "error",
  summary: "A page size that the schema of its parameter does not admit.",
  check: (model, report) => {
    const reader = answersOf(model).reader;
    for (const paging of pagings(model)) {
      const size = paging.at.at("page_size").number();
      const limit = pageParameters(paging).find(({ key }) => key === "limit_param");
      const schema = limit?.declared && reader.at(limit.declared.at.at("schema"));
      if (size === undefined || !limit?.declared || !schema) continue;
      if (hasCrossedBounds(limit.declared.at.at("schema"))) continue;
      const refusal = refusalOf(reader, schema, size);
      if (!refusal) continue;
      report({
        path: [...paging.at.path, "page_size"],
        message: `Pages of ${size} are asked for, and \`${limit.name}\` is ${refusal.bound}.`,
        label: "asked for",
        help:
          refusal.nearest === undefined
            ? "Ask for a size that the API takes."
            : `Ask for ${refusal.nearest}: an API that cuts the page gives a short one, which may pass for the last.`,
        ...(refusal.nearest === undefined ? {} : { replace: String(refusal.nearest) }),
        related: refusal.path ? [{ path: refusal.path, message: "what the API takes" }] : [],
      });
    }
  },
};
