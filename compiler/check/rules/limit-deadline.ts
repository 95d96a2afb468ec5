import { capacity, leastSpanMs } from "../../../schema/language/limits.ts";
import { type AppliedLimit, deadlineOf, limitsOf } from "../calls.ts";
import { durationWords } from "../duration.ts";
import { pagings } from "../paging.ts";
import type { Rule } from "../rule.ts";

/** Where no `max_pages` is said, a listing has this many pages for sure: what fails later may never be reached. */
const likelyPages = 3;

export const limitDeadline: Rule = {
  id: "limit/deadline",
  severity: "warning",
  summary: "Pages that have to wait for the rate limit for longer than a call may take.",
  check: (model, report) => {
    for (const { at, operation, lowered } of pagings(model)) {
      if (!lowered) continue;
      const deadline = deadlineOf(model, operation.at);
      const pages = at.at("max_pages").number() ?? likelyPages;
      for (const applied of limitsOf(model, lowered)) {
        const page = stuckPage(applied, lowered.cost, deadline.ms, pages);
        if (page === undefined) continue;
        const { limit } = applied;
        const rate = `${limit.limit} in ${durationWords(limit.interval_seconds * 1000)}`;
        report({
          path: at.path,
          at: "key",
          message: `Page ${page} fails with \`rate_limited\` where pages are read without a pause: at ${rate} it starts ${durationWords(leastSpanMs(applied.rule, (page - 1) * lowered.cost + 1))} after the first, and a call waits ${durationWords(deadline.ms)} at most.`,
          label: "read page by page",
          help: "Raise `timeout_ms` of the operation, so that a page may wait for its turn.",
          related: [
            { path: [...applied.at.path, "limit"], message: rate },
            ...(deadline.at ? [{ path: deadline.at.path, message: "a call waits this long" }] : []),
          ],
        });
        break;
      }
    }
  },
};

/**
 * The first page that cannot start in time even if every page before it took its whole deadline. What a page waits
 * counts towards its own deadline, so that `n` pages end within `n` deadlines.
 */
function stuckPage(
  { rule }: AppliedLimit,
  cost: number,
  deadlineMs: number,
  pages: number,
): number | undefined {
  const atOnce = Math.floor(capacity(rule) / cost);
  if (atOnce < 1) return undefined;
  const next = rule.smooth || rule.burst > 0 ? pages : atOnce + 1;
  const candidates = [2, atOnce + 1, next].filter((page) => page >= 2 && page <= pages);
  return candidates
    .sort((a, b) => a - b)
    .find((page) => leastSpanMs(rule, (page - 1) * cost + 1) > page * deadlineMs);
}
