import type { SchemaCheckMode } from "../call/operation-plan.ts";
import type { KeysOf } from "../check-options.ts";
import type { ProfileOptions } from "../credentials/profile-set.ts";
import type { Identity } from "../identity.ts";
import type { ServerCommand } from "../transport/stdio-server.ts";

/** What a connection is made of. */
export interface ConnectOptions extends ProfileOptions {
  /** Settings that are no secrets: domain, region, base URL. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly identity?: Partial<Identity>;
  readonly schemaCheck?: SchemaCheckMode;
  /** Default time limit of a call, in milliseconds. */
  readonly timeoutMs?: number;
  /** False: calls of this connection go also to origins that are held to be down, and do not count for whether they are. */
  readonly circuit?: boolean;
  /** How MCP servers are started that a descriptor names, and may only name: by the name. */
  readonly mcpServers?: Readonly<Record<string, ServerCommand>>;
}

/** The keys of `ConnectOptions`. */
export const connectKeys: KeysOf<ConnectOptions> = {
  profile: true,
  profiles: true,
  credentials: true,
  config: true,
  identity: true,
  schemaCheck: true,
  timeoutMs: true,
  circuit: true,
  mcpServers: true,
};

/** The keys of `Identity`. */
export const identityKeys: KeysOf<Identity> = { tenant: true, account: true, user: true, connection: true };
