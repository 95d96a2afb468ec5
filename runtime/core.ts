import type { Running } from "./call/running.ts";
import type { GrantStore } from "./credentials/grant-store.ts";
import type { StepStore } from "./credentials/step-store.ts";
import type { Keyring } from "./crypto/keyring.ts";
import type { Pacer } from "./pacing/pacer.ts";
import type { BodyLimits, Clock, Logger, Random, Transport } from "./ports.ts";
import type { RetryBudget } from "./retry/budget.ts";
import type { SharedCircuits } from "./retry/circuit.ts";
import type { ServerClocks } from "./server-clocks.ts";
import type { Signals } from "./signals.ts";
import type { SlaMeters } from "./telemetry/sla.ts";
import type { Telemetry } from "./telemetry/telemetry.ts";
import type { NetworkRules } from "./transport/destination.ts";
import type { KeptUpstreams } from "./upstream/upstream.ts";

/** What all connections of a runtime share. */
export interface Core {
  readonly clock: Clock;
  readonly random: Random;
  readonly transport: Transport;
  readonly pacer: Pacer;
  readonly keyring: Pick<Keyring, "digest">;
  readonly rules: NetworkRules;
  readonly budget: RetryBudget;
  readonly circuits: SharedCircuits;
  readonly sla: Pick<SlaMeters, "of" | "reports">;
  readonly steps: StepStore;
  readonly grants: GrantStore;
  readonly clocks: ServerClocks;
  readonly limits: BodyLimits;
  readonly telemetry: Telemetry;
  readonly logger: Logger | undefined;
  readonly running: Running;
  readonly signals: Signals;
  /** The MCP servers that connections call. */
  readonly upstreams: KeptUpstreams;
  /** Throws once the runtime is closed. */
  assertOpen(): void;
}
