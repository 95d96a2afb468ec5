import { leastSpanMs } from "../../../schema/language/limits.ts";
import { limitsOf } from "../calls.ts";
import { durationWords } from "../duration.ts";
import { pagings } from "../paging.ts";
import type { Rule } from "../rule.ts";

export const limitFreshness: Rule = {
  id: "limit/freshness",
  severity: "warning",
  summary: "Reading all pages takes longer, by the rate limits, than the SLA lets data age.",
  check: (model, report) => {
    const fresh = model.declared.root.at("sla").at("data_freshness_minutes_p95");
    const minutes = fresh.number();
    if (minutes === undefined) return;
    for (const { at, lowered } of pagings(model)) {
      const pages = at.at("max_pages").number();
      if (pages === undefined || !lowered) continue;
      const spans = limitsOf(model, lowered).map((one) => ({
        ...one,
        ms: leastSpanMs(one.rule, pages * lowered.cost),
      }));
      const [worst] = spans.sort((a, b) => b.ms - a.ms);
      if (!worst || worst.ms <= minutes * 60_000) continue;
      const { limit } = worst;
      const size = at.at("page_size").number();
      const cost = lowered.cost === 1 ? "" : ` that cost ${lowered.cost} each`;
      report({
        path: [...at.path, "max_pages"],
        message: `${pages} pages${size === undefined ? "" : ` of ${size}`}${cost}, at ${limit.limit} in ${durationWords(limit.interval_seconds * 1000)}, take at least ${durationWords(worst.ms)}; \`data_freshness_minutes_p95\` says ${minutes}.`,
        label: `${pages} pages`,
        help: "Lower `max_pages`, read larger pages or by a bookmark, or state what can be held.",
        related: [
          {
            path: [...worst.at.path, "limit"],
            message: `${limit.limit} in ${durationWords(limit.interval_seconds * 1000)}`,
          },
          { path: fresh.path, message: `${durationWords(minutes * 60_000)} old at most` },
        ],
      });
    }
  },
};
