import type { Cursor } from "../../lower/cursor.ts";
import { deadlineOf } from "../calls.ts";
import { durationWords } from "../duration.ts";
import type { Rule } from "../rule.ts";

export const operationRetryWait: Rule = {
  id: "operation/retry-wait",
  severity: "warning",
  summary: "A first wait between attempts that is above the longest one, or above what a call may take.",
  check: (model, report) => {
    const defaults = model.declared.root.at("defaults").at("retry");
    for (const { at } of model.declared.operations) {
      const own = at.at("retry");
      const key = (name: string): Cursor => (own.has(name) ? own.at(name) : defaults.at(name));
      const initial = key("initial_ms");
      const most = key("max_ms");
      const first = initial.number();
      if (first === undefined || key("max_attempts").number() === 1) continue;
      const cap = most.number() ?? 20_000;
      const deadline = deadlineOf(model, at);
      if (first > cap)
        report({
          path: initial.path,
          message: `The first wait may take ${durationWords(first)}, and no wait is longer than ${durationWords(cap)}.`,
          help: "Lower `initial_ms`, or raise `max_ms`.",
          related: most.exists ? [{ path: most.path, message: "the longest wait" }] : [],
        });
      else if (first >= deadline.ms)
        report({
          path: initial.path,
          message: `The first wait may take ${durationWords(first)}, and a call ends after ${durationWords(deadline.ms)}: a wait that would outlast it is not begun, so that often nothing is tried again.`,
          help: "Lower `initial_ms`, or raise `timeout_ms`.",
          related: deadline.at ? [{ path: deadline.at.path, message: "the call ends" }] : [],
        });
    }
  },
};
