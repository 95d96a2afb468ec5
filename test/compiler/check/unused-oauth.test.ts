/** Keys of `oauth` that nothing reads: said, in place of a silence. */
import { expect, it } from "vitest";
import { compile } from "../../../compiler/index.ts";
import { descriptor } from "../../support/line.ts";

const operations = `operations: [{ operation_id: op, summary: One, endpoint: /x, auth_type_ref: p }]`;

async function told(profile: string, rest = ""): Promise<string[]> {
  const { diagnostics } = await compile(
    descriptor(`${operations}\n${rest}`, `  - { profile_id: p, ${profile} }`),
  );
  return diagnostics.filter(({ rule }) => rule === "oauth/unused-key").map(({ path }) => path);
}

const chain = `credential_chains:
  - chain_id: login
    description: A token for a name and a password.
    initial_credentials_required: [client_id]
    steps: [{ step_name: token, endpoint: /token, body: { id: "{client_id}" }, extract: { token: "$.token" } }]
    final_credential_name: token`;

it("says that a chain takes the place of the whole section", async () => {
  const oauth = 'type: oauth2_client_credentials, oauth: { token_url: "{base_url}/token" }';
  expect(await told(`${oauth}, credential_chain_id: login`, chain)).toEqual(["/authentication/0/oauth"]);
  expect(await told(oauth)).toEqual([]);
});

it("says that a GET has no body format", async () => {
  const profile = (type: string, keys: string): string =>
    `type: oauth2_${type}, oauth: { token_url: "{base_url}/token", authorize_url: "{base_url}/authorize", ${keys} }`;
  const person = (keys: string): Promise<string[]> => told(profile("authorization_code", keys));
  const at = "/authentication/0/oauth";
  expect(await person("token_method: GET, body_format: json")).toEqual([`${at}/body_format`]);
  expect(await person("token_method: GET, body_format: query")).toEqual([]);
  expect(await person("token_method: GET, body_format: json, refresh: { method: POST }")).toEqual([]);
  expect(await person("refresh: { method: GET, body_format: form }")).toEqual([`${at}/refresh/body_format`]);
  expect(await person("token_method: GET, refresh: { body_format: form }")).toEqual([
    `${at}/refresh/body_format`,
  ]);
  expect(await person("token_method: POST, body_format: json")).toEqual([]);
});
