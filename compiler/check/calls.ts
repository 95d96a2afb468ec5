import type { Limit, Operation } from "../../schema/ir.ts";
import { type LimitRule, ruleOf } from "../../schema/language/limits.ts";
import type { Cursor } from "../lower/cursor.ts";
import { lowerLimit } from "../lower/limits.ts";
import type { Model } from "../lower/lower.ts";

/** The deadline of a call where nothing says otherwise (language reference, "Operations"). */
const defaultTimeoutMs = 30_000;

/** How long one call of an operation may take, and where that is said. */
export interface Deadline {
  readonly ms: number;
  /** `timeout_ms`; undefined where it is the language's own. */
  readonly at: Cursor | undefined;
}

export function deadlineOf({ declared }: Model, operation: Cursor): Deadline {
  const own = operation.at("timeout_ms");
  const at = own.exists ? own : declared.root.at("defaults").at("timeout_ms");
  return { ms: at.number() ?? defaultTimeoutMs, at: at.exists ? at : undefined };
}

/** A limit with its numbers and its place. */
export interface AppliedLimit {
  readonly limit: Limit;
  readonly rule: LimitRule;
  readonly at: Cursor;
}

/** No operation of this world counts against more limits than this. */
const mostLimits = 100;

/** The limits that an operation counts against, as far as they can be read. */
export function limitsOf({ declared }: Model, { limits }: Operation): AppliedLimit[] {
  return limits.slice(0, mostLimits).flatMap((index) => {
    const at = declared.limits[index]?.at;
    const limit = at && lowerLimit(at);
    return at && limit && limit.limit >= 1 && limit.interval_seconds > 0
      ? [{ limit, rule: ruleOf(limit), at }]
      : [];
  });
}
