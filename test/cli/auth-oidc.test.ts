/** A login at a real identity provider, kept in the store from one command to the next. */
import { generateKeyPairSync } from "node:crypto";
import { expect, it, onTestFinished } from "vitest";
import { createCertificate } from "../../runtime/testing/index.ts";
import { startOidc } from "../support/oidc.ts";
import { freePort } from "./auth-support.ts";
import { folderWith, run } from "./support.ts";

it("signs in at oidc-provider, and every command takes over the rotated token of the one before", async () => {
  const port = await freePort();
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const oidc = await startOidc({
    jwks: [{ ...publicKey.export({ format: "jwk" }), kid: "k" }] as Parameters<typeof startOidc>[0]["jwks"],
    certificate: createCertificate().cert,
    redirectUri: `http://127.0.0.1:${port}/callback`,
  });
  onTestFinished(() => oidc.close());
  const cwd = await folderWith({
    "ca.pem": oidc.ca,
    "web.yaml": `metadata: { name: Web, slug: web, description: Behind an identity provider., publisher: Tests }
base_url: "${oidc.origin}"
authentication:
  - type: oauth2_authorization_code
    profile_id: p
    oauth:
      authorize_url: "${oidc.origin}/auth"
      token_url: "${oidc.origin}/token"
      issuer: "${oidc.origin}"
      default_scopes: [openid, offline_access]
      authorize_params: { prompt: consent }
operations: [{ operation_id: op, endpoint: /x, summary: One, auth_type_ref: p }]
`,
    "web.connection.yaml": `connector: web
credentials: { client_id: web, client_secret: canary-secret }
network: { allow: ["${oidc.host}"], ca: ca.pem }
`,
  });
  const env = { CONNECTOR_STORE: "secrets.json", CONNECTOR_SECRETS_KEY: "ab".repeat(32) };
  const connection = ["--connection", "web.connection.yaml"];
  let back: Promise<number> | undefined;
  const login = await run(
    ["auth", "login", "web.yaml", ...connection, "--yes", "--no-browser", "--port", `${port}`],
    {
      cwd,
      env,
      heard: (text) => {
        const [address] = /https:\S+\/auth\?\S+/.exec(text) ?? [];
        if (address)
          back ??= oidc.consent(address).then(async (redirected) => (await fetch(redirected)).status);
      },
    },
  );
  expect(login).toMatchObject({
    code: 0,
    stdout: "Signed in to web with profile p; the login renews itself.\n",
  });
  expect(await back).toBe(200);
  expect(`${login.stdout}${login.stderr}`).not.toContain("canary-secret");
  for (let command = 0; command < 3; command++) {
    expect(await run(["call", "web.yaml", "op", ...connection], { cwd, env })).toEqual({
      code: 0,
      stdout: "1\n",
      stderr: "",
    });
    oidc.refuseSeen();
  }
  expect(oidc.asked).toEqual(["authorization_code", "refresh_token", "refresh_token"]);
  // A second use of a refresh token would revoke the whole grant.
  const atOnce = await Promise.all(
    Array.from({ length: 4 }, () => run(["call", "web.yaml", "op", ...connection], { cwd, env })),
  );
  expect(atOnce.map(({ code, stderr }) => [code, stderr])).toEqual(Array.from({ length: 4 }, () => [0, ""]));
  expect(oidc.asked.slice(3)).toEqual(["refresh_token"]);
});
