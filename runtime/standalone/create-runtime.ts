import type { Plan } from "../../schema/standalone-plan.ts";
import { connect, described } from "./connection.ts";
import { checkKeys } from "./credentials.ts";
import { parseNetworkRules } from "./destination.ts";
import { closed, failure } from "./errors.ts";
import { isObject } from "./is-object.ts";
import { createPacer } from "./pacer.ts";
import { planHas } from "./plan-has.ts";
import { createTokens } from "./tokens.ts";
import type { Runtime, RuntimeOptions } from "./types.ts";
import { systemClock, systemRandom, type World } from "./world.ts";

const graceMs = 10_000;

/** Makes what clients may share. */
export function makeRuntime(options: RuntimeOptions = {}): Runtime {
  checkOptions(options, "fetch network clock random logger maxResponseBytes maxQueue");
  const { clock = systemClock, random = systemRandom, logger, maxQueue } = options;
  let isOpen = true;
  const world: World = {
    clock,
    random,
    logger,
    fetch: options.fetch ?? ((url, init) => fetch(url, init)),
    rules: planHas.judged ? parseNetworkRules(options.network?.allow ?? []) : [],
    maxBytes: options.maxResponseBytes ?? 10 * 1024 * 1024,
    pacer: createPacer(clock, maxQueue),
    tokens: createTokens(clock),
    spent: new Map(),
    ahead: new Map(),
    running: new Set(),
    isOpen: () => isOpen,
  };
  return {
    connect: (plan, given = {}) => {
      const { slug } = plan as Plan;
      try {
        checkOptions(given, "profile profiles credentials config identity timeoutMs");
        return connect(world, plan as Plan, given);
      } catch (thrown) {
        throw described(thrown, slug, "connect");
      }
    },
    close: async () => {
      isOpen = false;
      if (world.running.size > 0)
        await new Promise<void>((resolve) => {
          const timer = clock.timer(graceMs, resolve);
          world.idle = () => {
            timer.cancel();
            resolve();
          };
        });
      for (const call of world.running) call.abort(closed());
      world.pacer.close();
    },
  };
}

function checkOptions(options: object, known: string): void {
  if (!isObject(options)) throw failure("configuration", "The options must be an object.");
  checkKeys("option", known.split(" "), options);
}
