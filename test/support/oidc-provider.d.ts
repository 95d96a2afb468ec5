/** The part of `oidc-provider` that the tests use; the package brings no types of its own. */
declare module "oidc-provider" {
  import type { IncomingMessage, ServerResponse } from "node:http";

  export type JWK = Readonly<Record<string, unknown>>;

  interface Noted {
    readonly oidc: { readonly params?: Readonly<Record<string, unknown>> };
  }

  interface Tokens {
    find(token: string): Promise<object | undefined>;
  }

  export interface Configuration {
    readonly clients?: readonly Readonly<Record<string, unknown>>[];
    readonly clientAuthMethods?: readonly string[];
    readonly scopes?: readonly string[];
    readonly rotateRefreshToken?: boolean;
    readonly findAccount?: (
      ctx: unknown,
      id: string,
    ) => { readonly accountId: string; readonly claims: () => { readonly sub: string } };
    readonly cookies?: { readonly keys: readonly string[] };
    readonly features?: {
      readonly clientCredentials?: { readonly enabled: boolean };
      readonly mTLS?: {
        readonly enabled: boolean;
        readonly selfSignedTlsClientAuth?: boolean;
        readonly getCertificate?: (ctx: { readonly req: IncomingMessage }) => string | undefined;
      };
    };
  }

  export class Provider {
    constructor(issuer: string, configuration: Configuration);
    readonly AccessToken: Tokens;
    readonly ClientCredentials: Tokens;
    callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>;
    on(event: "grant.success" | "grant.error", listener: (ctx: Noted) => void): void;
  }
}
