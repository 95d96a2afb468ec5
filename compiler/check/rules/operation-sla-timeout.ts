import { deadlineOf } from "../calls.ts";
import { durationWords } from "../duration.ts";
import type { Rule } from "../rule.ts";

export const operationSlaTimeout: Rule = {
  id: "operation/sla-timeout",
  severity: "warning",
  summary: "Calls that end before the answers that the SLA promises.",
  check: (model, report) => {
    const latency = model.declared.root.at("sla").at("latency_ms_p95");
    const promised = latency.number();
    if (promised === undefined) return;
    for (const { at } of model.declared.operations) {
      const deadline = deadlineOf(model, at);
      if (deadline.ms >= promised) continue;
      const ends = deadline.at?.path ?? latency.path;
      report({
        path: ends,
        message: `A call ends after ${durationWords(deadline.ms)}, and by the SLA one answer in twenty takes longer than ${durationWords(promised)}.`,
        ...(deadline.at ? { label: "ends here" } : {}),
        help: `Raise \`timeout_ms\` above ${promised}, or state the latency that the API has.`,
        related: deadline.at ? [{ path: latency.path, message: "promised by this" }] : [],
      });
    }
  },
};
