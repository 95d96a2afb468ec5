/** Limits and pacers for tests. */

import { createPacer, type Grant, type Pacer } from "../../../runtime/pacing/pacer.ts";
import type { Priority } from "../../../runtime/pacing/priority.ts";
import type { LimitObject } from "../../../runtime/ports.ts";
import { createMemoryState, type MemoryState } from "../../../runtime/state/memory-state.ts";
import { createFakeClock, type FakeClock } from "../../../runtime/testing/clock.ts";

export function limitObject(
  fields: Partial<Omit<LimitObject, "key">> & { id?: string; tenant?: string },
): LimitObject {
  const { id = "limit", tenant = "tenant", ...rule } = fields;
  return {
    key: { tenant, kind: "limit", id },
    limit: 10,
    intervalMs: 1000,
    burst: 0,
    smooth: false,
    ...rule,
  };
}

export interface Bench {
  readonly clock: FakeClock;
  readonly state: MemoryState;
  readonly pacer: Pacer;
}

export function bench(options: { readonly maxQueue?: number } = {}): Bench {
  const clock = createFakeClock(1_000_000);
  const state = createMemoryState({ clock });
  return { clock, state, pacer: createPacer({ state, clock, ...options }) };
}

export interface Asked {
  /** Time of the start, relative to nothing but the clock. */
  startedAt?: number;
  grant?: Grant;
  error?: unknown;
  failedAt?: number;
  readonly abort: (reason?: unknown) => void;
}

/** Asks and notes what comes out, at once or later. */
export function ask(
  { pacer, clock }: Pick<Bench, "pacer" | "clock">,
  limits: readonly LimitObject[],
  request: {
    readonly cost?: number;
    readonly deadline?: number;
    readonly priority?: Priority;
    readonly tenant?: string;
  } = {},
): Asked {
  const controller = new AbortController();
  const asked: Asked = { abort: (reason) => controller.abort(reason) };
  const granted = (grant: Grant): void => {
    asked.startedAt = clock.now();
    asked.grant = grant;
  };
  const failed = (error: unknown): void => {
    asked.failedAt = clock.now();
    asked.error = error;
  };
  try {
    const deadline = request.deadline ?? Number.POSITIVE_INFINITY;
    const answer = pacer.acquire(pacer.lane(limits, request.tenant ?? "tenant"), {
      cost: request.cost ?? 1,
      priority: request.priority,
      deadline,
      signal: controller.signal,
    });
    if (answer instanceof Promise) answer.then(granted, failed);
    else granted(answer);
  } catch (error) {
    failed(error);
  }
  return asked;
}
