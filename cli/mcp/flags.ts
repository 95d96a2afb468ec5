import type { GateFlags } from "../gate/open-gate.ts";

/** The options of `connector mcp`. */
export interface McpFlags extends GateFlags {
  readonly author?: string | true;
  /** `NAME=ORIGIN`, of the authoring server. */
  readonly pin: readonly string[];
  readonly connection: readonly string[];
  readonly profile?: string;
  readonly keyFile?: string;
  readonly state?: string;
  readonly mcpServers?: string;
  readonly allowNetwork: readonly string[];
  readonly tools: readonly string[];
  readonly tags: readonly string[];
  readonly readOnly?: boolean;
  readonly allowWrites?: boolean;
  readonly discover?: boolean;
  readonly force?: boolean;
  readonly maxBytes?: number;
  readonly concurrency?: number;
  readonly lock?: string;
  readonly updateLock?: boolean;
  readonly report?: boolean;
  readonly budget?: number;
  readonly http?: string | true;
  readonly issuer?: string;
  readonly resource?: string;
  readonly scope: readonly string[];
  readonly allowHost: readonly string[];
  readonly allowOrigin: readonly string[];
}
