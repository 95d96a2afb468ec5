import { leastSpanMs } from "../../../schema/language/limits.ts";
import { deadlineOf, limitsOf } from "../calls.ts";
import { durationWords } from "../duration.ts";
import type { Rule } from "../rule.ts";

export const limitAuthStarves: Rule = {
  id: "limit/auth-starves",
  severity: "warning",
  summary: "A rate limit that counts token calls and has no room for them and the first call in its time.",
  check: (model, report) => {
    if (!model.declared.limits.some(({ at }) => at.has("includes"))) return;
    for (const { operation, declared } of model.operations) {
      if (!operation) continue;
      const deadline = deadlineOf(model, declared.at);
      for (const { limit, rule, at } of limitsOf(model, operation)) {
        // By token, calls before there is a token count elsewhere.
        if (!limit.includes_auth || limit.scope === "per_token") continue;
        const calls = Math.max(0, ...operation.auth.map((auth) => stepsOf(auth.profile)));
        const ms = leastSpanMs(rule, calls + operation.cost);
        if (calls === 0 || ms <= deadline.ms) continue;
        const rate = `${limit.limit} in ${durationWords(limit.interval_seconds * 1000)}`;
        report({
          path: [...at.path, "includes"],
          message: `The first call of \`${operation.id}\` fails with \`rate_limited\`: ${calls} ${calls === 1 ? "call" : "calls"} for the credential and ${operation.cost} for it take ${durationWords(ms)} at ${rate}, and a call waits ${durationWords(deadline.ms)} at most.`,
          help: "Raise `timeout_ms`, or leave `auth` out of `includes` where the API does not count token calls.",
          related: [
            { path: [...at.path, "limit"], message: rate },
            { path: [...declared.at.path, "operation_id"], message: "its first call" },
          ],
        });
        return;
      }
    }

    function stepsOf(id: string): number {
      const source = model.profiles.find((one) => one.declared.id === id)?.profile?.source;
      return source && "steps" in source ? source.steps.length : 0;
    }
  },
};
