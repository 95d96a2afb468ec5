import type { RetryRule } from "../../schema/ir.ts";
import type { Core } from "../core.ts";
import type { Deadline } from "../deadline.ts";
import type { ConnectorError } from "../errors.ts";
import { backoffMs } from "./backoff.ts";

/** What the decision needs to know of the exchange. */
export interface RetryContext {
  readonly core: Core;
  readonly rules: { readonly retry: RetryRule };
  readonly deadline: Deadline;
  readonly tenant: string;
  /** Safe to send again whatever happened to it. */
  readonly repeatable: boolean;
}

/** A failure that another attempt may mend. */
export interface PassingFailure {
  readonly error: ConnectorError;
  /** The request cannot have had an effect, so that even a write may go again. */
  readonly nothingDone: boolean;
  readonly retryAfterMs?: number | undefined;
}

/**
 * Waits until the next attempt, or throws the failure where there is to be none: attempts used up, not safe to
 * repeat, the origin held to be down, no budget, or no time before the deadline.
 */
export async function nextTry(
  context: RetryContext,
  attempts: number,
  origin: string,
  failure: PassingFailure,
): Promise<void> {
  const { core, deadline, rules } = context;
  const error = withRetryAt(core, failure);
  if (attempts >= rules.retry.max_attempts) throw error;
  if (!context.repeatable && !failure.nothingDone) throw error;
  const refusedUntil = core.circuits.refusedUntil(origin);
  if (refusedUntil !== undefined) throw error.with({ retryAt: refusedUntil });
  const { retryAfterMs } = failure;
  const wait =
    retryAfterMs !== undefined && retryAfterMs > 0
      ? retryAfterMs
      : backoffMs(rules.retry, attempts, core.random);
  // A wait that ends after the deadline helps nobody: the caller learns now when to come back.
  if (wait >= deadline.remaining()) throw error;
  if (!core.budget.take(context.tenant, origin)) throw error;
  core.logger?.debug(
    { origin, attempts, error: error.code, status: error.status, waitMs: wait },
    "Trying again.",
  );
  if (wait > 0) await deadline.sleep(wait);
}

function withRetryAt(core: Core, { error, retryAfterMs }: PassingFailure): ConnectorError {
  return retryAfterMs === undefined ? error : error.with({ retryAt: core.clock.wall() + retryAfterMs });
}
