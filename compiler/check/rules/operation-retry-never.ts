import { statusRange } from "../../lower/answers.ts";
import { Cursor } from "../../lower/cursor.ts";
import type { Rule } from "../rule.ts";

export const operationRetryNever: Rule = {
  id: "operation/retry-never",
  severity: "warning",
  summary: "A status to be tried again that counts as success, or as a refused credential: it never is.",
  check: ({ declared }, report) => {
    const defaults = declared.root.at("defaults").at("retry").at("on_status");
    const judge = (statuses: Cursor, success: Cursor): void => {
      for (const item of statuses.itemsOrSelf()) {
        const status = item.number();
        const why = status === undefined ? undefined : reasonFor(status, success);
        if (why === undefined) continue;
        report({
          path: item.path,
          message: `An answer of ${status} ${why}: this entry never has an attempt repeated.`,
          label: "never decides",
          help:
            status === 401
              ? "Remove it: after a 401 the credential is renewed, and the call repeated, without this."
              : "Remove it; what the body says is asked by a rule of `errors` with `action: retry`.",
          related: success.exists ? [{ path: success.path, message: "what counts as success" }] : [],
        });
      }
    };
    judge(defaults, new Cursor(undefined, []));
    for (const { at } of declared.operations)
      judge(at.at("retry").at("on_status"), at.at("response").at("success_status"));
  },
};

function reasonFor(status: number, success: Cursor): string | undefined {
  if (status === 401) return "is a refused credential";
  const ranges = success.itemsOrSelf().flatMap((item) => statusRange(String(item.scalar?.value ?? "")));
  const isSuccess = success.exists
    ? ranges.some(({ from, to }) => from <= status && status <= to)
    : status >= 200 && status < 300;
  return isSuccess ? "counts as success" : undefined;
}
