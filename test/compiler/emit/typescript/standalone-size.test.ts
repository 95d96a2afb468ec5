/** What a standalone client weighs in a page: bundled, minified, compressed. Bytes are the same on every machine. */
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { emitStandalone } from "../../../../compiler/emit/typescript/standalone/index.ts";
import { compile } from "../../../../compiler/index.ts";
import { scriptOf } from "../support/client-script.ts";

/** Each is a little over what it was last: a change that makes clients heavier says so here. 15 KB are 15,360 bytes. */
const mostBytes = { plain: 11_800, twenty: 15_360, everything: 34_000 } as const;

const plain = `
metadata: { name: Plain, slug: plain, description: One operation., publisher: Example }
base_url: https://api.example.com
authentication: [{ type: bearer }]
operations:
  - { operation_id: read, endpoint: "/things/{id}", summary: Read, auth_type_ref: bearer, parameters: [{ name: id, location: path }] }
`;

const twenty = `
metadata: { name: Twenty, slug: twenty, description: Twenty operations of one kind., publisher: Example }
base_url: https://api.example.com
credential_chains:
  - chain_id: login
    description: A token for an hour.
    initial_credentials_required: [api_key]
    steps:
      - { step_name: token, endpoint: /token, body: { key: "{api_key}" }, extract: { token: $.token }, ttl_seconds: 3600 }
    final_credential_name: token
authentication: [{ type: api_key, credential_chain_id: login }]
rate_limits: [{ scope: per_account, limit: 10, interval_seconds: 1 }]
operations:${Array.from(
  { length: 20 },
  (_, at) => `
  - operation_id: list_things_${at}
    endpoint: /things/${at}/{id}
    summary: List things
    auth_type_ref: api_key
    parameters:
      - { name: id, location: path }
      - { name: page, location: query, field_type: integer }
    pagination: { type: page, page_param: page }
    response: { records_path: $.things }`,
).join("")}
`;

const profiles = ["key", "code", "client", "one", "four", "w", "d", "login"];

/** Each kind of grant, signature, body, answer, paging, and most functions of templates. */
const everything = `
metadata: { name: All, slug: all, description: Everything., publisher: Example }
base_url: "https://{domain}/v1"
connection_config: [{ key: domain, label: Domain, format: hostname, pattern: "[a-z.]+" }]
rate_limits:
  - { scope: per_account, limit: 10, interval_seconds: 1, burst: 5, response_headers: { remaining: X-Left, reset: { header: X-Reset, unit: epoch_seconds } } }
credential_chains:
  - chain_id: session
    description: A session.
    initial_credentials_required: [user, password]
    steps:
      - { step_name: open, endpoint: /open, body: { user: "{user}", password: "{password}" }, extract: { a_of: $.a, b_of: { header: X-B }, c_of: { cookie: sid } }, ttl_seconds: 3600 }
      - { step_name: token, endpoint: /token, headers: { X-A: "{a_of}", X-B: "{b_of}", Cookie: "sid={c_of}" }, extract: { token: $.token, expires_at: $.until }, ttl_from: { kind: expires_at, unit: seconds } }
    final_credential_name: token
authentication:
  - { profile_id: key, type: api_key }
  - { profile_id: code, type: oauth2_authorization_code, oauth: { authorize_url: https://login.example.com/authorize, token_url: https://login.example.com/token } }
  - { profile_id: client, type: oauth2_client_credentials, oauth: { token_url: https://login.example.com/token, scopes: [a, b] } }
  - { profile_id: one, type: oauth1 }
  - { profile_id: four, type: aws_sigv4, aws_sigv4: { service: execute-api, region: eu-central-1 } }
  - { profile_id: w, type: wsse }
  - { profile_id: d, type: digest }
  - { profile_id: login, type: api_key, credential_chain_id: session, fields: [{ key: user, label: U }, { key: password, label: P, secret: true }] }
operations:
${[
  "pagination: { type: cursor, cursor_path: $.next, cursor_param: cursor, primary_key: id, has_more_path: $.more }",
  "pagination: { type: link_header }",
  "pagination: { type: page, page_param: page, total_path: $.total }",
  "pagination: { type: offset, offset_param: from }",
  "response: { type: xml }",
  "response: { type: csv }",
  "response: { type: jsonl }",
  "content_type: xml, method: POST, body: '<a>{body}</a>'",
  "content_type: form, method: POST",
  "content_type: multipart, method: POST",
]
  .map(
    (more, at) => `  - operation_id: do_${at}
    endpoint: /things/{id}
    summary: Do
    auth_type_ref: [${profiles.join(", ")}]
    headers: { X-D: "{hex(hmac_sha512({id}, {request.path}))}{base64(md5({id}))}{hex(hmac_sha1('k', {id}))}{now('date')}{uuid()}{replace({id}, 'a', 'b')}" }
    errors: [{ when: { status: 409, json: { path: "$.list[*].code", equals: busy } }, action: retry }]
    idempotency: { header: Idempotency-Key }
    parameters:
      - { name: id, location: path }
      - { name: filter, location: query, field_type: object, style: deepObject }
      - { name: session, location: cookie }
      ${/POST/.test(more) ? `- { name: body, location: body${/multipart/.test(more) ? ", field_type: file" : ""} }` : ""}
    ${more.replaceAll(/, (?=\w+:)(?![^{]*\})/g, "\n    ")}`,
  )
  .join("\n")}
`;

it.each([
  ["plain", plain],
  ["twenty", twenty],
  ["everything", everything],
] as const)("of %s: bounded", async (name, text) => {
  const { ir, diagnostics } = await compile(text);
  if (!ir) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  const factory = `create${name[0]?.toUpperCase()}${name.slice(1)}`.replace("Everything", "All");
  const script = await scriptOf(
    await emitStandalone(ir),
    `import { ${factory} } from "./index.js"; globalThis.client = ${factory};`,
  );
  expect(script).toContain("client=");
  const size = gzipSync(script, { level: 9 }).length;
  expect(size).toBeLessThan(mostBytes[name]);
  expect(size).toBeGreaterThan(mostBytes[name] * 0.95);
});
