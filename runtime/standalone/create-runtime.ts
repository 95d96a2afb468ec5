import { Running } from "../call/running.ts";
import { checkOptions, type KeysOf } from "../check-options.ts";
import { systemClock } from "../clock.ts";
import type { Core } from "../core.ts";
import { aborted } from "../deadline.ts";
import { systemRandom } from "../random.ts";
import { createRetryBudget } from "../retry/budget.ts";
import { ServerClocks } from "../server-clocks.ts";
import { Signals } from "../signals.ts";
import { parseNetworkRules } from "../transport/destination.ts";
import { connect } from "./connector.ts";
import { createConsentStore } from "./consent-store.ts";
import { createFetchTransport } from "./fetch-transport.ts";
import { createKeyring } from "./keyring.ts";
import { createPacer } from "./pacer.ts";
import { createTokenStore } from "./token-store.ts";
import type { ConnectOptions, Runtime, RuntimeOptions } from "./types.ts";

const graceMs = 10_000;

const runtimeKeys: KeysOf<RuntimeOptions> = {
  fetch: true,
  network: true,
  clock: true,
  random: true,
  logger: true,
  maxResponseBytes: true,
  maxQueue: true,
};
const optionKeys: KeysOf<ConnectOptions> = {
  profile: true,
  profiles: true,
  credentials: true,
  config: true,
  identity: true,
  timeoutMs: true,
};

/** Makes what clients may share. */
export function makeRuntime(options: RuntimeOptions = {}): Runtime {
  checkOptions(options, runtimeKeys, "The options of the runtime");
  let open = true;
  const core = createCore(options, () => {
    if (!open) throw aborted("The client is closed. Make a new one.");
  });
  return {
    connect: (ir, given = {}) => {
      checkOptions(given, optionKeys, "The options of the connection");
      return connect(core, ir, given);
    },
    close: async () => {
      open = false;
      await new Promise<void>((resolve) => {
        const timer = core.clock.timer(graceMs, resolve);
        core.running.whenIdle(() => {
          timer.cancel();
          resolve();
        });
      });
      core.running.end(aborted("The client was closed while the call ran. Make a new one and call again."));
      core.pacer.close();
    },
  };
}

function createCore(options: RuntimeOptions, assertOpen: () => void): Core {
  const { clock = systemClock, random = systemRandom, logger, maxQueue } = options;
  return {
    clock,
    random,
    logger,
    keyring: createKeyring(),
    rules: parseNetworkRules(options.network?.allow ?? []),
    transport: createFetchTransport(options.fetch ?? ((url, init) => fetch(url, init))),
    pacer: createPacer({ clock, ...(maxQueue === undefined ? {} : { maxQueue }) }),
    budget: createRetryBudget(),
    steps: createTokenStore(clock),
    grants: createConsentStore(clock),
    clocks: new ServerClocks(),
    circuits: {
      check() {},
      enter: () => false,
      learn() {},
      refusedUntil: () => undefined,
      inspect: () => [],
    },
    sla: { of: () => undefined, reports: () => [] },
    telemetry: { active: false, begin: unheard, circuit() {}, close() {} },
    limits: { maxBytes: options.maxResponseBytes ?? 10 * 1024 * 1024, maxRatio: Infinity },
    running: new Running(clock),
    signals: new Signals(),
    opened: new Set(),
    assertOpen,
  };
}

/** Nobody listens, so nobody begins. */
function unheard(): never {
  throw new Error("a trace was begun although nobody listens");
}
