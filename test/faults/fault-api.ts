/** The connector of all scenes. */
import { compile } from "../../compiler/index.ts";
import type { Connector } from "../../schema/ir.ts";
import { type Method, type ProfileId, profiles } from "./fault.ts";

const call = (id: string, profile: string, method: string, more = ""): string => `
  - operation_id: ${id}
    summary: A call
    endpoint: /x
    method: ${method}
    auth_type_ref: ${profile}
    retry: { initial_ms: 100, max_ms: 500 }
    parameters:
      - { name: pin, location: header, wire_name: X-Pin, field_type: secret }
      - { name: mark, location: header, wire_name: X-Mark }${more}`;
const body = "\n      - { name: text, location: body }";
const key = "\n    idempotency: { header: Idempotency-Key }";
const pages =
  "\n    response: { records_path: $.items }\n    pagination: { type: cursor, next_url_path: $.next, primary_key: id }";
const rules =
  "\n    errors: [{ when: { status: 200, json: { path: $.ok, equals: false } }, action: fail, code: upstream_error }]";
const callsOf = (profile: string): string =>
  [
    call(`get_${profile}`, profile, "GET", rules),
    call(`post_${profile}`, profile, "POST", body + rules),
    call(`key_${profile}`, profile, "POST", body + key + rules),
    call(`list_get_${profile}`, profile, "GET", pages),
    call(`list_post_${profile}`, profile, "POST", pages),
    call(`list_key_${profile}`, profile, "POST", key + pages),
  ].join("");

const yaml = `
metadata: { name: Fault API, slug: fault-api, description: Fails in every way., publisher: Tests }
base_url: "{base_url}"
connection_config:
  - { key: base_url, label: API }
  - { key: first_url, label: First step }
  - { key: token_url, label: Last step }
authentication:
  - { type: none, profile_id: open }
  - type: api_key
    profile_id: chained
    fields: [{ key: api_key, label: Key, secret: true }]
    credential_chain_id: chain
    auth_headers: { Authorization: "Bearer {token}" }
  - type: oauth2_authorization_code
    profile_id: consent
    oauth: { authorize_url: "{first_url}/authorize", token_url: "{token_url}/token" }
credential_chains:
  - chain_id: chain
    description: Two steps.
    initial_credentials_required: [api_key]
    final_credential_name: token
    steps:
      - { step_name: first, method: POST, endpoint: "{first_url}/first", headers: { X-Key: "{api_key}" }, extract: { ticket: $.ticket } }
      - { step_name: last, method: POST, endpoint: "{token_url}/token", headers: { X-Ticket: "{ticket}" }, extract: { token: $.access_token, expires_in: $.expires_in } }
operations:
  - { operation_id: warm, summary: Warms up, endpoint: /warm, auth_type_ref: open }${profiles.map(callsOf).join("")}
`;

let compiled: Promise<Connector> | undefined;

/** Compiled once. */
export function faultApi(): Promise<Connector> {
  compiled ??= compile(yaml).then(({ ir, diagnostics }) => {
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    if (!ir || errors.length > 0)
      throw new Error(errors.map(({ message, path }) => `${path}: ${message}`).join("\n"));
    return ir;
  });
  return compiled;
}

/** In the ids of operations. */
export const prefixOf: { readonly [M in Method]: string } = {
  GET: "get",
  POST: "post",
  "POST with key": "key",
};

export function operationOf(method: Method, profile: ProfileId, paged = false): string {
  return `${paged ? "list_" : ""}${prefixOf[method]}_${profile}`;
}
