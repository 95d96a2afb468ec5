import type { ConnectOptions } from "../../../../runtime/index.ts";
import { descriptor, operation } from "../../../support/line.ts";
import { type Position, type Positions, whereAll } from "./position.ts";
import { base64, cookie, field, formed, jsonText, percent, segment } from "./spelling.ts";

const none = (): Readonly<Record<string, unknown>> => ({});

/** Credentials where no server gives any: the profile `p` in YAML flow style. */
function credential(
  profile: string,
  connect: Position["connect"],
  written: Position["written"],
  chain = "",
): Position {
  return {
    yaml: descriptor(
      `operations: [{ operation_id: op, summary: One, endpoint: /x, auth_type_ref: p }]${chain}`,
      `  - { profile_id: p, test_endpoint: { url: /x }, ${profile} }`,
    ),
    parameters: none,
    ...(connect ? { connect } : {}),
    written,
  };
}

const apiKey = "type: api_key, fields: [{ key: k, label: K, secret: true }]";
const key = (k: string) => ({ credentials: { k } });
/** A credential field that is empty is one that is missing. */
const given =
  (spell: (value: string) => string | undefined) =>
  (value: string): string | undefined =>
    value === "" ? undefined : spell(value);
const inHeader =
  (line: string, spell = given(field)): Position["written"] =>
  (value) =>
    whereAll([spell(value)], (text) => ({ line: "GET /x", head: [line.replace("*", () => text)] }));
const basic = (user: string, password: string): string =>
  `authorization: Basic ${base64(`${user}:${password}`)}`;

const credentials: Positions = {
  "credential in a header": credential(
    `${apiKey}, auth_headers: { X-Key: "{k}" }`,
    key,
    inHeader("x-key: *"),
  ),
  "credential in the query": credential(`${apiKey}, auth_query: { key: "{k}" }`, key, (value) =>
    whereAll([given(percent)(value)], (text) => ({ line: `GET /x?key=${text}` })),
  ),
  "credential in a cookie": credential(
    `${apiKey}, auth_cookies: { sid: "{k}" }`,
    key,
    inHeader("cookie: sid=*", given(cookie)),
  ),
  "bearer token": credential(
    "type: bearer",
    (token) => ({ credentials: { token } }),
    inHeader("authorization: Bearer *"),
  ),
  "basic, the password": credential(
    "type: basic",
    (password) => ({ credentials: { username: "ann", password } }),
    (value) =>
      value.isWellFormed() && value !== "" ? { line: "GET /x", head: [basic("ann", value)] } : undefined,
  ),
  "basic, the user": credential(
    "type: basic",
    (username) => ({ credentials: { username, password: "pw" } }),
    // RFC 7617, section 2: a colon would end the user's name.
    (value) =>
      value.isWellFormed() && value !== "" && !value.includes(":")
        ? { line: "GET /x", head: [basic(value, "pw")] }
        : undefined,
  ),
};

/** A step's input; the answer to the step has what the operation needs. */
function step(request: string, written: Position["written"]): Position {
  return {
    ...credential(
      `${apiKey}, credential_chain_id: c`,
      key,
      written,
      `
credential_chains:
  - chain_id: c
    description: One step.
    initial_credentials_required: [k]
    final_credential_name: token
    steps: [{ step_name: one, ${request}, extract: { token: "$.access_token" } }]`,
    ),
    answers: () => ['{"access_token":"t"}', "{}"],
  };
}

const json = "application/json";
const steps: Positions = {
  "a step's JSON body": step(`method: POST, endpoint: /token, body: { a: "{k}" }`, (value) =>
    // Half of a pair has no place in a secret, whatever the body could carry.
    value === "" || !value.isWellFormed()
      ? undefined
      : { line: "POST /token", contentType: json, body: `{"a":${jsonText(value)}}` },
  ),
  "a step's form": step(`method: POST, endpoint: /token, content_type: form, body: { a: "{k}" }`, (value) =>
    whereAll([given(formed)(value)], (text) => ({
      line: "POST /token",
      contentType: "application/x-www-form-urlencoded",
      body: `a=${text}`,
    })),
  ),
  "a step's query": step(`method: POST, endpoint: /token, query_params: { a: "{k}" }`, (value) =>
    whereAll([given(percent)(value)], (text) => ({ line: `POST /token?a=${text}` })),
  ),
  "a step's path": step(`method: POST, endpoint: "/t/{k}/z"`, (value) =>
    whereAll([segment(value)], (text) => ({ line: `POST /t/${text}/z` })),
  ),
  "a step's header": step(`method: POST, endpoint: /token, headers: { X-A: "{k}" }`, (value) =>
    whereAll([given(field)(value)], (text) => ({ line: "POST /token", head: [`x-a: ${text}`] })),
  ),
  "what a step extracts, in a header": {
    ...step(`method: POST, endpoint: /token, body: { a: "{k}" }`, () => undefined),
    answers: (value) => [JSON.stringify({ access_token: value }), "{}"],
    // Another secret for each value, or the first token would serve them all.
    connect: (value) => key(Buffer.from(`k${value}`, "utf16le").toString("hex")),
    written: inHeader("authorization: Bearer *"),
  },
};

const settings: Positions = {
  "a setting in the path": {
    yaml: descriptor(
      `operations: [{ operation_id: op, summary: One, endpoint: "/s/{site}/z", auth_type_ref: none }]`,
    ).replace("label: Base URL }", "label: Base URL }, { key: site, label: Site }"),
    parameters: none,
    connect: (site) => ({ config: { site } }),
    written: (value) => whereAll([segment(value)], (text) => ({ line: `GET /s/${text}/z` })),
  },
};

/** A token call of client credentials: RFC 6749, sections 2.3.1 and 4.4.2. */
const tokenCall = (
  how: string,
  credentials: (value: string) => NonNullable<ConnectOptions["credentials"]>,
  written: Position["written"],
): Position => ({
  ...credential(
    `type: oauth2_client_credentials, oauth: { token_url: "{base_url}/token", client_auth: ${how} }`,
    (value) => ({ credentials: credentials(value) }),
    (value) => (value === "" || !value.isWellFormed() ? undefined : written(value)),
  ),
  answers: () => ['{"access_token":"t","expires_in":60}', "{}"],
});
const formType = "application/x-www-form-urlencoded";
const granting = "grant_type=client_credentials";

const tokens: Positions = {
  "a client's id in a form": tokenCall(
    "body",
    (client_id) => ({ client_id, client_secret: "s" }),
    (value) => ({
      line: "POST /token",
      contentType: formType,
      body: `${granting}&client_id=${formed(value)}&client_secret=s`,
    }),
  ),
  "a client's secret in a form": tokenCall(
    "body",
    (client_secret) => ({ client_id: "c", client_secret }),
    (value) => ({
      line: "POST /token",
      contentType: formType,
      body: `${granting}&client_id=c&client_secret=${formed(value)}`,
    }),
  ),
  "a client's secret as Basic": tokenCall(
    "basic",
    (client_secret) => ({ client_id: "c", client_secret }),
    (value) => ({
      line: "POST /token",
      contentType: formType,
      // A form's decoder reads what is percent-encoded too.
      head: [basic("c", percent(value) ?? "")],
      body: granting,
    }),
  ),
};

const write = "endpoint: /w\nmethod: POST\nidempotency: { header: Idempotency-Key }";
const paging = (slot: string, source = "cursor_path: $.next"): string =>
  operation(
    `endpoint: /items\nresponse: { records_path: $.items }\npagination: { type: cursor, ${source}, ${slot} }`,
  );
const pages = (next: string): readonly string[] => [
  JSON.stringify({ items: [1], next }),
  JSON.stringify({ items: [2], next: null }),
];
const sentBack = (
  yaml: string,
  spell: (value: string) => string | undefined,
  written: (text: string) => NonNullable<ReturnType<Position["written"]>>,
): Position => ({
  yaml,
  parameters: none,
  answers: pages,
  paged: true,
  // An empty cursor says that there is no next page.
  written: (value) => (value === "" ? undefined : whereAll([spell(value)], written)),
});

const others: Positions = {
  "idempotency key": {
    yaml: operation(write),
    parameters: none,
    options: (idempotencyKey) => ({ idempotencyKey }),
    written: (value) =>
      /^[\x21-\x7e]{1,255}$/.test(value)
        ? { line: "POST /w", head: [`idempotency-key: ${value}`], body: "" }
        : undefined,
  },
  "a cursor in a header": sentBack(paging("cursor_param: X-At, cursor_location: header"), field, (text) => ({
    line: "GET /items",
    head: [`x-at: ${text}`],
  })),
  "a cursor in the query": sentBack(paging("cursor_param: at"), percent, (text) => ({
    line: `GET /items?at=${text}`,
  })),
};

export const otherPositions: Positions = { ...credentials, ...steps, ...settings, ...tokens, ...others };
