import { X509Certificate } from "node:crypto";
import { createServer, request } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { type Configuration, type JWK, Provider } from "oidc-provider";
import { createCertificate } from "../../runtime/testing/index.ts";

/** An identity provider of its own (the package `oidc-provider`) and an API that takes its tokens, on one origin. */
export interface Oidc {
  readonly origin: string;
  readonly host: string;
  /** What clients must trust. */
  readonly ca: string;
  /** Names of the grants that the token endpoint was asked for, refused ones included. */
  readonly asked: readonly string[];
  /** Tokens that the API has seen. */
  readonly seen: readonly string[];
  /** From now on the API refuses the tokens that it has seen. */
  refuseSeen(): void;
  /** Does what a person in a browser does: signs in, consents, and is sent back; answers where to. */
  consent(url: string): Promise<string>;
  close(): Promise<void>;
}

/** Starts the provider. `jwks` are the keys of the client that signs; `certificate` is that of the client of mutual TLS. */
export async function startOidc(options: {
  readonly jwks: readonly JWK[];
  readonly certificate: string;
  readonly redirectUri: string;
}): Promise<Oidc> {
  const tls = createCertificate();
  const asked: string[] = [];
  const seen: string[] = [];
  const refused = new Set<string>();
  let handle: Parameters<typeof createServer>[1];
  const server = createServer(
    { ...tls, requestCert: true, rejectUnauthorized: false },
    (incoming, response) => handle?.(incoming, response),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const origin = `https://${host}`;
  const provider = new Provider(origin, configuration(options));
  const note = (ctx: { readonly oidc: { readonly params?: Readonly<Record<string, unknown>> } }): void =>
    void asked.push(String(ctx.oidc.params?.grant_type));
  provider.on("grant.success", note);
  provider.on("grant.error", note);
  const identity = provider.callback();
  handle = (incoming, response) => {
    if (incoming.url !== "/x") return void identity(incoming, response);
    const token = (incoming.headers.authorization ?? "").replace("Bearer ", "");
    void provider.AccessToken.find(token)
      .then(async (found) => found ?? (await provider.ClientCredentials.find(token)))
      .then((found) => {
        seen.push(token);
        response.writeHead(found && !refused.has(token) ? 200 : 401, { "content-type": "application/json" });
        response.end("1");
      });
  };
  return {
    origin,
    host,
    ca: tls.cert,
    asked,
    seen,
    refuseSeen: () => {
      for (const token of seen) refused.add(token);
    },
    consent: (url) => consent(url, tls.cert, options.redirectUri),
    close: () => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()),
  };
}

function configuration({ jwks, certificate, redirectUri }: Parameters<typeof startOidc>[0]): Configuration {
  const { publicKey, raw } = new X509Certificate(certificate);
  const shown = { ...publicKey.export({ format: "jwk" }), x5c: [raw.toString("base64")] } as JWK;
  const machine = { grant_types: ["client_credentials"], redirect_uris: [], response_types: [] };
  return {
    clients: [
      {
        client_id: "web",
        client_secret: "canary-secret",
        token_endpoint_auth_method: "client_secret_post",
        application_type: "native",
        grant_types: ["authorization_code", "refresh_token"],
        redirect_uris: [redirectUri],
      },
      {
        client_id: "signer",
        token_endpoint_auth_method: "private_key_jwt",
        jwks: { keys: [...jwks] },
        ...machine,
      },
      {
        client_id: "shower",
        token_endpoint_auth_method: "self_signed_tls_client_auth",
        jwks: { keys: [shown] },
        ...machine,
      },
    ],
    clientAuthMethods: ["client_secret_post", "private_key_jwt", "self_signed_tls_client_auth"],
    scopes: ["openid", "offline_access"],
    rotateRefreshToken: true,
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    cookies: { keys: ["a key of this test"] },
    features: {
      clientCredentials: { enabled: true },
      mTLS: {
        enabled: true,
        selfSignedTlsClientAuth: true,
        getCertificate: ({ req }) => {
          const { raw: bytes } = (req.socket as TLSSocket).getPeerCertificate();
          return bytes && new X509Certificate(bytes).toString();
        },
      },
    },
  };
}

/** Follows the provider's own pages, filling in its forms. */
async function consent(first: string, ca: string, redirectUri: string): Promise<string> {
  const cookies = new Map<string, string>();
  let url = first;
  let form: string | undefined;
  for (let steps = 0; steps < 20; steps++) {
    const page = await visit(url, ca, cookies, form);
    form = undefined;
    if (page.location !== undefined) {
      url = new URL(page.location, url).href;
      if (url.startsWith(redirectUri)) return url;
    } else {
      const prompt = /name="prompt" value="(\w+)"/.exec(page.text)?.[1];
      if (prompt === undefined) throw new Error(`no form at ${url}: ${page.text.slice(0, 500)}`);
      form = new URLSearchParams({ prompt, login: "ann", password: "any" }).toString();
    }
  }
  throw new Error("the login does not come to an end");
}

function visit(
  url: string,
  ca: string,
  cookies: Map<string, string>,
  form: string | undefined,
): Promise<{ readonly location: string | undefined; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const sent = request(
      url,
      {
        ca,
        method: form === undefined ? "GET" : "POST",
        headers: {
          cookie,
          ...(form === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }),
        },
      },
      (answer) => {
        for (const line of answer.headers["set-cookie"] ?? []) {
          const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
          if (value === "") cookies.delete(name);
          else cookies.set(name, value);
        }
        let text = "";
        answer.setEncoding("utf8");
        answer.on("data", (chunk) => {
          text += chunk;
        });
        answer.on("end", () => resolve({ location: answer.headers.location, text }));
      },
    );
    sent.on("error", reject);
    sent.end(form);
  });
}
