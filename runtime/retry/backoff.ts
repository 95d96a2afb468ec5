import type { RetryRule } from "../../schema/ir.ts";
import type { Random } from "../ports.ts";

/** Full jitter: uniform between 0 and the doubled, capped delay before attempt `attempts + 1`. */
export function backoffMs(
  rule: Pick<RetryRule, "initial_ms" | "max_ms">,
  attempts: number,
  random: Random,
): number {
  const ceiling = Math.min(rule.max_ms, rule.initial_ms * 2 ** Math.min(attempts - 1, 30));
  return Math.round(random.next() * ceiling);
}
