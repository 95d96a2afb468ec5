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
      const usual = limit?.declared?.at.at("default_value");
      const least = usual?.number();
      // An author who says what the least is knows of it: -1 is all there is, at some APIs.
      const isMeant = limit?.declared?.at.at("schema").has("minimum");
      if (usual && least !== undefined && least < 1 && !isMeant)
        report({
          severity: "warning",
          path: usual.path,
          message: `Pages of ${least} are asked for unless the caller says otherwise: \`${limit?.name}\` is the size of a page.`,
          label: "the size of a page",
          help: "Write a size that the API takes, or leave it out.",
          related: [{ path: limit?.at.path ?? paging.at.path, message: "paging sends its size in it" }],
        });
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
