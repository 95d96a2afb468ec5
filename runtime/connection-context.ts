import type { Connector } from "../schema/ir.ts";
import type { Core } from "./core.ts";
import type { Credentials } from "./credentials/credentials.ts";
import type { Identity } from "./identity.ts";
import type { LaneOf } from "./limits.ts";
import type { Scope, Values } from "./request/scope.ts";

/** What the exchanges of one connection have in common. */
export interface ConnectionContext {
  readonly core: Core;
  readonly ir: Connector;
  readonly settings: Values;
  readonly identity: Identity;
  readonly lanes: LaneOf;
  /** Limits that count chain, token and test calls as well. */
  readonly authLimits: readonly number[];
}

const noValues: Values = new Map();

/** The scope of one attempt; the clock is read once for it. */
export function scopeOf(
  context: ConnectionContext,
  credentials: Credentials,
  parameters: Values = noValues,
): Scope {
  const { core, settings } = context;
  return { parameters, settings, credentials, random: core.random, wall: core.clock.wall() };
}
