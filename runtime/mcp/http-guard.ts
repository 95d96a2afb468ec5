import type { AuthInfo } from "@modelcontextprotocol/server";
import {
  hostHeaderValidationResponse,
  originValidationResponse,
  requireBearerAuth,
} from "@modelcontextprotocol/server";
import type { VerifyToken } from "./bearer.ts";

/** Who may call the server. */
export interface HttpAuth {
  readonly verify: VerifyToken;
  /** OAuth 2.1: where clients get their tokens. Without it the token is given to them by hand. */
  readonly oauth?: {
    /** The authorization servers whose tokens are taken. */
    readonly issuers: readonly URL[];
    /** The URL of this server as clients know it: what a token must be meant for (RFC 8707). */
    readonly resource: URL;
    readonly scopes?: readonly string[];
  };
}

export interface GuardOptions {
  /** Names of this server that a `Host` header may have, without ports. */
  readonly hosts: readonly string[];
  /** Names of hosts whose pages may call. */
  readonly origins: readonly string[];
  /** The path of the endpoint. */
  readonly path: string;
  readonly auth: HttpAuth | undefined;
}

/** What stands before the endpoint: an answer where the request goes no further, else who makes it. */
export type HttpGuard = (
  request: Request,
) => Promise<{ readonly response: Response } | { readonly authInfo: AuthInfo | undefined }>;

/**
 * Judges requests: the host that they mean and the page that they come from (DNS rebinding), then the path, then the token.
 * The resource metadata (RFC 9728) is for everybody.
 */
export function createGuard({ hosts, origins, path, auth }: GuardOptions): HttpGuard {
  const oauth = auth?.oauth;
  const metadataPath = `/.well-known/oauth-protected-resource${path}`;
  const metadataUrl = oauth && new URL(metadataPath, oauth.resource).href;
  const gate =
    auth &&
    requireBearerAuth({
      verifier: { verifyAccessToken: auth.verify },
      ...(oauth ? { expectedResource: oauth.resource } : {}),
      ...(oauth?.scopes ? { requiredScopes: [...oauth.scopes] } : {}),
      ...(metadataUrl === undefined ? {} : { resourceMetadataUrl: metadataUrl }),
    });
  return async (request) => {
    const refused =
      hostHeaderValidationResponse(request, [...hosts]) ?? originValidationResponse(request, [...origins]);
    if (refused) return { response: refused };
    const { pathname } = new URL(request.url);
    if (oauth && (pathname === metadataPath || pathname === "/.well-known/oauth-protected-resource"))
      return { response: metadata(oauth) };
    if (pathname !== path) return { response: new Response(null, { status: 404 }) };
    const passed = gate && (await gate(request));
    return passed instanceof Response ? { response: passed } : { authInfo: passed };
  };
}

/** RFC 9728, section 2. */
function metadata({ resource, issuers, scopes }: NonNullable<HttpAuth["oauth"]>): Response {
  return Response.json(
    {
      resource: resource.href,
      authorization_servers: issuers.map((issuer) => issuer.href),
      ...(scopes ? { scopes_supported: scopes } : {}),
      bearer_methods_supported: ["header"],
    },
    { headers: { "access-control-allow-origin": "*" } },
  );
}
