import type { AuthInfo } from "@modelcontextprotocol/server";

/** Who calls a tool: what an authenticated transport knows of the client. The token itself stays with the transport. */
export interface ToolCaller {
  /** Whose data the call may see; cursors and links of one tenant are nothing to another. */
  readonly tenant: string;
  readonly clientId?: string;
  readonly scopes: readonly string[];
}

/** The caller where nobody had to prove who it is: stdio, and HTTP with one token or none. */
export const localCaller: ToolCaller = { tenant: "default", scopes: [] };

/** The key under which a verifier says whose token it is. */
export const tenantKey = "connectorc/tenant";

/** The caller of a request. A token whose verifier names no tenant counts by its client. */
export function callerOf(auth: AuthInfo | undefined): ToolCaller {
  if (!auth) return localCaller;
  const tenant = auth.extra?.[tenantKey];
  return {
    tenant: typeof tenant === "string" ? tenant : `client:${auth.clientId}`,
    clientId: auth.clientId,
    scopes: auth.scopes,
  };
}
