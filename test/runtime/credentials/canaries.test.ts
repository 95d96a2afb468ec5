import { inspect } from "node:util";
import { afterEach, describe, expect, test } from "vitest";
import {
  type Handler,
  json,
  type Reply,
  type Routes,
  redirect,
  resetBeforeHeaders,
  resetMidBody,
  text,
} from "../../../runtime/testing/index.ts";
import { rsaKeys } from "../../support/jwt.ts";
import { descriptor, type Line, line } from "../../support/line.ts";

let open: Line[] = [];
afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  open = [];
});

const first = "CaNaRy+/=one 7é";
const second = "CaNaRy{two}:8$&";
/** The token that the token endpoint gives: nobody knows it while that fails. */
const issued = "CaNaRy-access";
const pem = rsaKeys().pem;
const oauth = 'token_url: "{base_url}/token"';

/** Each way to authenticate, its credentials, and which of them are secret. */
const profiles: Readonly<
  Record<string, readonly [profile: string, credentials: Record<string, unknown>, secrets: readonly string[]]>
> = {
  "an API key in a header": [
    "type: api_key, fields: [{ key: k, label: K, secret: true }], auth_headers: { X-K: '{hex({k})}' }",
    { k: first },
    [first],
  ],
  "an API key in the query": [
    "type: api_key, fields: [{ key: k, label: K, secret: true }], auth_query: { key: '{k}' }",
    { k: first },
    [first],
  ],
  "an API key in a cookie": [
    "type: api_key, fields: [{ key: k, label: K, secret: true }], auth_cookies: { sid: '{k}' }",
    { k: first },
    [first],
  ],
  basic: ["type: basic", { username: "ann", password: first }, [first]],
  bearer: ["type: bearer", { token: "CaNaRy-bearer-token" }, ["CaNaRy-bearer-token"]],
  digest: ["type: digest", { username: "ann", password: second }, [second]],
  wsse: ["type: wsse", { username: "ann", password: first }, [first]],
  jwt: [
    "type: jwt, fields: [{ key: private_key, label: K, secret: true }], jwt: { algorithm: HS256, key: '{private_key}' }",
    { private_key: first },
    [first],
  ],
  "oauth 1": [
    "type: oauth1",
    { consumer_key: "ck", consumer_secret: first, token: "t", token_secret: second },
    [first, second],
  ],
  aws: [
    "type: aws_sigv4, aws_sigv4: { service: s3 }",
    { access_key_id: "AKID", secret_access_key: first, session_token: "CaNaRy-session" },
    [first, "CaNaRy-session"],
  ],
  "an assumed role": [
    'type: aws_sigv4, aws_sigv4: { service: s3, assume_role: { role_arn: r, sts_url: "{base_url}/token" } }',
    { access_key_id: "AKID", secret_access_key: first },
    [first],
  ],
  ...Object.fromEntries(
    ["body", "basic", "query"].map((auth) => [
      `a client in the ${auth}`,
      [
        `type: oauth2_client_credentials, oauth: { ${oauth}, client_auth: ${auth} }`,
        { client_id: "id", client_secret: first },
        [first, issued],
      ],
    ]),
  ),
  "a client that signs": [
    `type: oauth2_client_credentials, fields: [{ key: client_id, label: C }, { key: pk, label: K, secret: true }], oauth: { ${oauth}, client_auth: private_key_jwt, client_assertion: { key: "{pk}" } }`,
    { client_id: "id", pk: pem },
    [issued],
  ],
  "a refresh token": [
    `type: oauth2_authorization_code, oauth: { ${oauth}, authorize_url: "{base_url}/a" }`,
    { client_id: "id", client_secret: first, refresh_token: second },
    [first, second, issued],
  ],
  "a chain": [
    "type: api_key, fields: [{ key: k, label: K, secret: true }], credential_chain_id: c",
    { k: first },
    [first, issued],
  ],
  "a service account": [
    `type: service_account, oauth: { ${oauth} }`,
    { service_account_json: { client_email: "a@b", private_key: pem, private_key_id: "1" } },
    [issued],
  ],
};

const encodings: readonly ((value: string) => string)[] = [
  (value) => value,
  (value) => Buffer.from(value).toString("base64"),
  (value) => Buffer.from(value).toString("base64url"),
  (value) => Buffer.from(value).toString("hex"),
  (value) => encodeURIComponent(value),
  (value) => JSON.stringify(value).slice(1, -1),
];

const chain = `
credential_chains:
  - chain_id: c
    description: One step.
    initial_credentials_required: [k]
    final_credential_name: token
    steps: [{ step_name: one, endpoint: "{base_url}/token", body: { k: "{k}" }, extract: { token: "$.access_token" } }]`;

/** What goes wrong at the API or at the token endpoint: an answer that repeats what it should not. */
const faults: Readonly<Record<string, (said: string) => Reply>> = {
  "400": (said) =>
    json({ error: "invalid_request", error_description: said, message: said }, { status: 400 }),
  "401": (said) => json({ error: "invalid_grant", error_description: said }, { status: 401 }),
  "403 in XML": (said) => ({
    ...text(`<Error><Message>${said.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</Message></Error>`, {
      status: 403,
    }),
    headers: { "content-type": "text/xml" },
  }),
  "500 in text": (said) => text(said, { status: 500 }),
  "a request id": (said) =>
    json({}, { status: 404, headers: { "x-request-id": said.replace(/[^\x21-\x7e]/g, "") } }),
  "a body that is no JSON": (said) => ({
    text: `{"a": ${said}`,
    headers: { "content-type": "application/json" },
  }),
  "a redirect": (said) => redirect(`https://elsewhere.example/?${encodeURIComponent(said)}`),
  "a reset": () => resetBeforeHeaders(),
  "half a body": (said) => resetMidBody(`{"message":${JSON.stringify(said)}`),
};

const given: Routes = {
  "POST /token": ({ form }) =>
    form.get("Action") === "AssumeRole"
      ? {
          text: "<R><Credentials><AccessKeyId>A</AccessKeyId><SecretAccessKey>CaNaRy-role</SecretAccessKey><SessionToken>s</SessionToken></Credentials></R>",
          headers: { "content-type": "text/xml" },
        }
      : json({ access_token: issued, refresh_token: second, expires_in: 60 }),
};

describe.each(Object.entries(profiles))("%s", (_, [profile, credentials, secrets]) => {
  test.each(Object.entries(faults))("%s shows no secret", async (name, fault) => {
    const seen: unknown[] = [];
    const log = (fields: object, message: string): void => void seen.push(fields, message);
    for (const place of ["GET /x", "POST /token"]) {
      const known = secrets.filter((secret) => place === "GET /x" || secret !== issued);
      const said = (): string => encodings.flatMap((encode) => known.map(encode)).join(" ");
      const failing: Handler = () => fault(said());
      const routes: Routes = { "GET /x": json(1), ...given, [place]: failing };
      const made = await line(
        descriptor(
          `operations: [{ operation_id: op, summary: One, endpoint: /x, auth_type_ref: p, retry: { max_attempts: 1 } }]${profile.includes("chain") ? chain : ""}`,
          `  - { profile_id: p, test_endpoint: { url: /x }, ${profile} }`,
        ),
        routes,
        {
          connect: { credentials },
          runtime: {
            logger: { debug: log, info: log, warn: log, error: log },
            telemetry: (event) => void seen.push(event),
          },
        },
      );
      open.push(made);
      for (const ask of [() => made.connection.attempt("op"), () => made.connection.check()]) {
        const outcome = ask();
        // Retries of the token call wait by the clock.
        let done = false;
        void outcome.then(() => {
          done = true;
        });
        while (!done) await made.clock.advance(500);
        seen.push(await outcome);
      }
      seen.push(await made.runtime.inspect());
    }
    const shown =
      inspect(seen, { depth: 12, showHidden: true, maxStringLength: null }) + JSON.stringify(seen);
    const forms = encodings.flatMap((encode) => secrets.map(encode));
    expect(forms.filter((form) => shown.includes(form))).toEqual([]);
    if (name === "400") expect(shown).toContain("[secret]");
  });
});
