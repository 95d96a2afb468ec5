import type { Body } from "../../../schema/ir.ts";
import { pagings } from "../paging.ts";
import type { Rule } from "../rule.ts";

export const paginationUnsentParameter: Rule = {
  id: "pagination/unsent-parameter",
  severity: "error",
  summary: "A cursor parameter that nothing sends.",
  check: (model, report) => {
    for (const { at, kind, lowered, operation } of pagings(model)) {
      if (kind !== "cursor") continue;
      const param = at.at("cursor_param");
      if (at.has("next_url_path")) {
        for (const key of ["cursor_param", "more_cursors"])
          if (at.has(key))
            report({
              path: at.at(key).path,
              severity: "warning",
              message: `\`${at.at(key).string() ?? key}\` is never sent: the next page's URL is followed as it stands.`,
              help: `Remove \`${key}\`, or say by \`cursor_path\` where the cursor is.`,
              related: [
                { path: [...at.path, "next_url_path"], at: "key", message: "leads to the next page" },
              ],
            });
        continue;
      }
      if (!param.exists) continue;
      if (lowered?.pagination.kind !== "cursor" || lowered.pagination.slot?.kind !== "body") continue;
      const fault = faultOf(lowered.exchange.body);
      if (fault === undefined || model.lowering.isBroken([...operation.at.path, "body"])) continue;
      report({
        path: param.path,
        message: `Nothing sends \`${param.string()}\`: ${fault}.`,
        label: "the cursor's place",
        help: "Give the operation a body that is a map, or send the cursor in the query.",
        related: [{ path: [...at.path, "cursor_location"], message: "sent in the body by this" }],
      });
    }
  },
};

/** Why a body cannot take a value under a name of its own. */
function faultOf(body: Body | undefined): string | undefined {
  if (!body) return "it is to go into the body, and this request has none";
  if (body.root.kind === "object") return undefined;
  if (body.root.kind === "literal")
    return Array.isArray(body.root.value)
      ? listFault
      : typeof body.root.value === "object"
        ? undefined
        : textFault;
  return body.root.kind === "list" ? listFault : textFault;
}

const listFault = "the body is a list, which has no names";
const textFault = "the body is text, which has no names";
