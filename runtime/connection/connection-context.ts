import type { Connector, Profile } from "../../schema/ir.ts";
import type { Core } from "../core.ts";
import type { ClientOf } from "../credentials/client-certificate.ts";
import type { Credentials } from "../credentials/credentials.ts";
import type { Identity } from "../identity.ts";
import { LateMoment } from "../request/moment.ts";
import type { Scope, Values } from "../request/scope.ts";
import type { RequestSigner } from "../signing/signer.ts";
import type { SlaMeter } from "../telemetry/sla.ts";
import type { Upstream } from "../upstream/upstream.ts";
import type { LaneOf } from "./limits.ts";

/** What the exchanges of one connection have in common. */
export interface ConnectionContext {
  readonly core: Core;
  readonly ir: Connector;
  readonly settings: Values;
  readonly identity: Identity;
  readonly lanes: LaneOf;
  /** Where the operations are the tools of an MCP server. */
  readonly upstream?: Upstream | undefined;
  /** Where the descriptor has an `sla`. */
  readonly sla: SlaMeter | undefined;
  /** Limits that count chain, token and test calls as well. */
  readonly authLimits: readonly number[];
  /** What signs a profile's requests, and the certificate that its connections show; one of each for all of them. */
  readonly signerOf: (profile: Profile | undefined) => RequestSigner | undefined;
  readonly clientOf: (profile: Profile | undefined) => ClientOf;
}

const noValues: Values = new Map();

/** The scope of one attempt; the clock is read at most once for it. `aheadMs`: how far the server's clock is ahead of ours. */
export function scopeOf(
  context: ConnectionContext,
  credentials: Credentials,
  parameters: Values = noValues,
  aheadMs = 0,
): Scope {
  const { core, settings } = context;
  return {
    parameters,
    settings,
    credentials,
    random: core.random,
    time: new LateMoment(core.clock, aheadMs),
  };
}
