import type { Cursor } from "../../lower/cursor.ts";
import type { Rule } from "../rule.ts";

export const styleResponseSchema: Rule = {
  id: "style/response-schema",
  severity: "info",
  preset: "strict",
  summary: "An operation that answers JSON and does not say of what shape.",
  check: ({ declared }, report) => {
    for (const { id, at } of declared.operations) {
      const type = at.at("response").at("type").string() ?? "json";
      if (type !== "json" || at.has("response_schema") || isBodiless(at.at("method").string())) continue;
      if (answersNothing(at.at("response").at("success_status"))) continue;
      report({
        path: at.path,
        at: "missing",
        message: `The operation \`${id}\` has no response schema: its answers are \`unknown\` in the client, and never checked.`,
        help: "Describe the fields that callers use under `response_schema`; where the answer has no body, say `success_status: 204` under `response`.",
      });
    }
  },
};

/** Whether every status that means success is one without a body (RFC 9110, sections 15.3.5 and 15.3.6). */
function answersNothing(status: Cursor): boolean {
  const all = status.itemsOrSelf();
  return all.length > 0 && all.every((one) => /^20[45]$/.test(String(one.scalar?.value)));
}

/** Methods whose answers have no body, or mostly none. */
function isBodiless(method: string | undefined): boolean {
  return method === "HEAD" || method === "DELETE";
}
