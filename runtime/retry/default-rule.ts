import type { RetryRule } from "../../schema/ir.ts";

/** For exchanges that no descriptor gives a rule: steps, token calls, checks (language reference, "Retry"). */
export const defaultRetry: RetryRule = {
  max_attempts: 3,
  on_status: [408, 425, 429, 500, 502, 503, 504],
  initial_ms: 100,
  max_ms: 20_000,
};
