import { createPublicKey } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { systemClock } from "../../../runtime/clock.ts";
import { type Connection, createRuntime, type RuntimeOptions } from "../../../runtime/index.ts";
import { createCertificate, createMemoryState, type MemoryState } from "../../../runtime/testing/index.ts";
import { rsaKeys } from "../../support/jwt.ts";
import { irOf } from "../../support/line.ts";
import { type Oidc, startOidc } from "../../support/oidc.ts";

const redirectUri = "http://127.0.0.1:7777/callback";
const keys = rsaKeys();
const shown = createCertificate({ hosts: ["client"] });
let oidc: Oidc;
beforeAll(async () => {
  // The provider warns that its own login pages are for development: that is what this is.
  vi.spyOn(console, "warn").mockImplementation(() => {});
  const jwk = createPublicKey(keys.pem).export({ format: "jwk" });
  oidc = await startOidc({
    jwks: [{ ...jwk, kid: "k1", use: "sig" }],
    certificate: shown.cert,
    redirectUri,
  });
});
afterAll(() => {
  vi.restoreAllMocks();
  return oidc.close();
});

let closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.map((close) => close()));
  closing = [];
});

async function connect(
  profile: string,
  credentials: Record<string, string>,
  options: RuntimeOptions = {},
): Promise<Connection> {
  const runtime = createRuntime({ network: { allow: [oidc.host], ca: oidc.ca }, ...options });
  closing.push(() => runtime.close());
  const ir = await irOf(`
metadata: { name: Peers, slug: peers, description: An API behind a real provider., publisher: Tests }
base_url: ${oidc.origin}
authentication:
  - { profile_id: p, ${profile} }
operations: [{ operation_id: op, summary: One, endpoint: /x, auth_type_ref: p }]
`);
  return runtime.connect(ir, { credentials });
}

describe("oidc-provider", () => {
  test("gives a token to a client that signs", async () => {
    const connection = await connect(
      `type: oauth2_client_credentials, fields: [{ key: client_id, label: C }, { key: private_key, label: K, secret: true }], oauth: { token_url: ${oidc.origin}/token, client_auth: private_key_jwt, client_assertion: { key: "{private_key}", key_id: k1 } }`,
      { client_id: "signer", private_key: keys.pem },
    );
    expect(await connection.call("op")).toMatchObject({ data: 1 });
  });

  test("gives a token to a client that shows its certificate, and none to another's", async () => {
    const profile = `type: oauth2_client_credentials, fields: [{ key: client_id, label: C }, { key: c, label: C }, { key: k, label: K, secret: true }], mtls: { certificate: c, key: k }, oauth: { token_url: ${oidc.origin}/token, client_auth: none }`;
    const connection = await connect(profile, { client_id: "shower", c: shown.cert, k: shown.key });
    expect(await connection.call("op")).toMatchObject({ data: 1 });
    const eve = createCertificate({ hosts: ["eve"] });
    const other = await connect(profile, { client_id: "shower", c: eve.cert, k: eve.key });
    await expect(other.call("op")).rejects.toMatchObject({
      code: "authentication_failed",
      details: { server_code: "invalid_client" },
    });
  });
});

describe("a login at oidc-provider", () => {
  const credentials = { client_id: "web", client_secret: "canary-secret" };
  const profile = (): string =>
    `type: oauth2_authorization_code, oauth: { authorize_url: ${oidc.origin}/auth, token_url: ${oidc.origin}/token, issuer: ${oidc.origin}, default_scopes: [openid, offline_access], authorize_params: { prompt: consent } }`;
  /** The same store for several connections, as several processes have it. */
  const secrets = { key: "0123456789abcdef0123456789abcdef" };

  async function logIn(connection: Connection): Promise<void> {
    const begun = await connection.authorize({ redirectUri });
    const grant = await begun.complete(await oidc.consent(begun.url));
    expect(grant).toMatchObject({ refreshable: true });
  }

  test("works through its pages, with PKCE and its issuer, and rotates at each renewal", async () => {
    const connection = await connect(profile(), credentials);
    await logIn(connection);
    for (let renewal = 0; renewal < 3; renewal++) {
      expect(await connection.call("op")).toMatchObject({ data: 1 });
      oidc.refuseSeen();
    }
    expect(new Set(oidc.seen.slice(-5)).size).toBeGreaterThanOrEqual(3);
    expect(oidc.asked.slice(-3)).toEqual(["authorization_code", "refresh_token", "refresh_token"]);
  });

  test("is shared by processes: many callers, one refresh token, no use of it twice", async () => {
    const options = { state: createMemoryState({ clock: systemClock }), secrets };
    const connections = await Promise.all(
      Array.from({ length: 3 }, () => connect(profile(), credentials, options)),
    );
    await logIn(connections[0] as Connection);
    await Promise.all(connections.map((connection) => connection.call("op")));
    for (let renewal = 0; renewal < 2; renewal++) {
      oidc.refuseSeen();
      const before = oidc.asked.length;
      await Promise.all(
        connections.flatMap((connection) => Array.from({ length: 5 }, () => connection.call("op"))),
      );
      // A second use of a refresh token would revoke the whole grant.
      expect(oidc.asked.slice(before)).toEqual(["refresh_token"]);
    }
  });

  test("ends for everybody where two that share no store use one refresh token", async () => {
    const { state, copy } = copiedState();
    const connection = await connect(profile(), credentials, { state, secrets });
    await logIn(connection);
    const stolen = copy();
    await connection.call("op");
    oidc.refuseSeen();
    await connection.call("op");
    const thief = await connect(profile(), credentials, { state: stolen, secrets });
    await expect(thief.call("op")).rejects.toMatchObject({ code: "reauthorization_required" });
    oidc.refuseSeen();
    const before = oidc.asked.length;
    for (let call = 0; call < 3; call++)
      await expect(connection.call("op")).rejects.toMatchObject({
        code: "reauthorization_required",
        message: expect.stringContaining("connector auth login"),
      });
    expect(oidc.asked.length - before).toBe(1);
    await logIn(connection);
    expect(await connection.call("op")).toMatchObject({ data: 1 });
  });
});

/** A memory state, and a second one that begins with what the first held when it was last written. */
function copiedState(): { readonly state: MemoryState; readonly copy: () => MemoryState } {
  const state = createMemoryState({ clock: systemClock });
  let last: Parameters<MemoryState["compareAndSet"]> | undefined;
  return {
    state: {
      ...state,
      compareAndSet: (...written) => {
        last = written;
        return state.compareAndSet(...written);
      },
    },
    copy: () => {
      const copy = createMemoryState({ clock: systemClock });
      if (last) copy.compareAndSet(last[0], 0, last[2], last[3]);
      return copy;
    },
  };
}
