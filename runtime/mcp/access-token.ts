import { type AuthInfo, OAuthError, OAuthErrorCode } from "@modelcontextprotocol/server";
import type { AuthorizationServer, JWKSCacheInput } from "oauth4webapi";
import type { Transport } from "../ports.ts";
import type { VerifyToken } from "./bearer.ts";
import { tenantKey } from "./caller.ts";
import { createGetDocument, type GetDocument } from "./transport-fetch.ts";

/** Whose access tokens are taken, and whom they must be meant for. */
export interface AccessTokens {
  /** The authorization server (RFC 8414). */
  readonly issuer: URL;
  /** What the `aud` of a token must name: this server. */
  readonly audience: string;
  /** Reaches the authorization server; its network rules count. */
  readonly transport: Transport;
}

/**
 * Takes JWT access tokens (RFC 9068) of one authorization server: signature by its published keys, issuer, audience and
 * expiry. Each subject is a tenant of its own.
 */
export function jwtAccessTokens({ issuer, audience, transport }: AccessTokens): VerifyToken {
  const get = createGetDocument(transport);
  const keys: JWKSCacheInput = {};
  let discovered: Promise<AuthorizationServer> | undefined;
  return async (token) => {
    const oauth = await import("oauth4webapi");
    discovered ??= discover(oauth, issuer, get).catch((error: unknown) => {
      // The next request tries again.
      discovered = undefined;
      throw error;
    });
    const server = await discovered.catch(() => {
      throw new OAuthError(OAuthErrorCode.ServerError, "The authorization server cannot be reached.");
    });
    const request = new Request(audience, { headers: { authorization: `Bearer ${token}` } });
    try {
      const claims = await oauth.validateJwtAccessToken(server, request, audience, {
        ...over(oauth, get),
        [oauth.jwksCache]: keys,
      });
      const info: AuthInfo = {
        token,
        clientId: claims.client_id,
        scopes:
          typeof claims.scope === "string" ? claims.scope.split(" ").filter((scope) => scope !== "") : [],
        expiresAt: claims.exp,
        resource: new URL(audience),
        extra: { [tenantKey]: `subject:${claims.iss}|${claims.sub}` },
      };
      return info;
    } catch {
      // What is wrong with a token is nobody's business but its issuer's.
      throw new OAuthError(OAuthErrorCode.InvalidToken, "This access token is not valid for this server.");
    }
  };
}

async function discover(
  oauth: typeof import("oauth4webapi"),
  issuer: URL,
  get: GetDocument,
): Promise<AuthorizationServer> {
  const options = over(oauth, get);
  const response = await oauth.discoveryRequest(issuer, { algorithm: "oauth2", ...options });
  if (response.ok) return oauth.processDiscoveryResponse(issuer, response);
  const other = await oauth.discoveryRequest(issuer, { algorithm: "oidc", ...options });
  return oauth.processDiscoveryResponse(issuer, other);
}

/** Plain http is for the transport to refuse: its rules know which servers are the host's own. */
function over(oauth: typeof import("oauth4webapi"), get: GetDocument) {
  return { [oauth.customFetch]: get, [oauth.allowInsecureRequests]: true };
}
