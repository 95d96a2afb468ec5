/** Calls after a token are judged as the steps of a chain are. */
import { describe, expect, test } from "vitest";
import { compile } from "../../../compiler/index.ts";
import { descriptor } from "../../support/line.ts";

interface Given {
  readonly after: readonly string[];
  readonly fields?: string;
  readonly headers?: string;
  readonly oauth?: string;
  readonly operation?: string;
  readonly rest?: string;
}

/** What is said of a login with these calls after the token: rule and place. */
async function told({ after, operation = "", rest = "", ...profile }: Given): Promise<string[]> {
  const { fields, headers, oauth = "" } = profile;
  const yaml = descriptor(
    `operations: [{ operation_id: op, summary: One, endpoint: /x, auth_type_ref: p${operation} }]${rest}`,
    `  - type: oauth2_authorization_code
    profile_id: p
${fields ? `    fields: ${fields}\n` : ""}${headers ? `    auth_headers: ${headers}\n` : ""}    oauth:
      authorize_url: "{base_url}/authorize"
      token_url: "{base_url}/token"${oauth}
      after_token:
${after.map((step) => `        - ${step}`).join("\n")}`,
  );
  const { diagnostics } = await compile(yaml);
  const at = "/authentication/0/oauth/after_token/";
  return diagnostics
    .filter(({ rule, severity }) => severity === "error" || /^(chain|header)\//.test(rule))
    .map(({ rule, path }) => `${rule} ${path.replace(at, "")}`);
}

const call = (name: string, more: string): string =>
  `{ step_name: ${name}, endpoint: "{base_url}/${name}", ${more} }`;
const who = call("who", 'extract: { account: "$.id" }');
const uses = ', headers: { X-Account: "{oauth.account}" }';

describe("what the calls extract", () => {
  test("counts as used in an operation, a placement, a later call, and in place of the token", async () => {
    expect(await told({ after: [who], operation: uses })).toEqual([]);
    const headers = '{ Authorization: "Bearer {access_token}", X-Account: "{oauth.account}" }';
    expect(await told({ after: [who], headers })).toEqual([]);
    const long =
      'body: { id: "{account}" }, extract: { access_token: "$.token", expires_in: "$.expires_in" }';
    expect(await told({ after: [who, call("long", long)] })).toEqual([]);
    const renewed = 'extract: { access_token: "$.t", refresh_token: "$.r" }, ttl_from: { kind: jwt_exp }';
    expect(await told({ after: [call("long", renewed)] })).toEqual([]);
  });

  test("is told where nothing uses it", async () => {
    expect(await told({ after: [who] })).toEqual(["chain/unused-extract 0/extract/account"]);
    const both = call("who", 'extract: { account: "$.id", site: "$.site" }');
    expect(await told({ after: [both], operation: uses })).toEqual(["chain/unused-extract 0/extract/site"]);
  });

  test("is not told of where a name that is not understood may mean it", async () => {
    const operation = ', headers: { X-Account: "{oauth.acount}" }';
    expect(await told({ after: [who], operation })).toEqual([
      expect.stringMatching(/^template\/unknown-name .*X-Account$/),
    ]);
  });

  test("is only how long it is kept", async () => {
    const after = [call("ping", 'extract: { expires_in: "$.life" }')];
    expect(await told({ after })).toEqual(["chain/unused-step 0/step_name"]);
  });

  test("has the name of a credential or a setting", async () => {
    const after = [who];
    const fields =
      "[{ key: client_id, label: Client }, { key: client_secret, label: Secret, secret: true }, { key: account, label: Account }]";
    const shadowed = ["chain/shadowed-name 0/extract/account"];
    expect(await told({ after, fields, operation: uses })).toEqual(shadowed);
    const read = ', headers: { X-Account: "{oauth.base_url}" }';
    const named = [call("who", 'extract: { base_url: "$.url" }')];
    expect(await told({ after: named, operation: read })).toContain("chain/shadowed-name 0/extract/base_url");
  });
});

describe("the calls themselves", () => {
  test("have names of their own", async () => {
    const again = call("who", 'extract: { site: "$.site" }');
    const operation = ', headers: { X-Account: "{oauth.account} {oauth.site}" }';
    expect(await told({ after: [who, again], operation })).toEqual(["chain/duplicate-step 1/step_name"]);
  });

  test.each([
    ["chain/life-extract 0/ttl_from/extract", "ttl_from: { kind: expires_in, extract: life }"],
    ["chain/ttl-unit 0/ttl_seconds", "ttl_seconds: 3600000"],
    ["chain/short-life 0/ttl_seconds", "ttl_seconds: 5"],
    ["header/reserved 0/headers/Host", "headers: { Host: x }"],
  ])("are judged by %s", async (expected, more) => {
    const after = [call("who", `${more}, extract: { account: "$.id" }`)];
    expect(await told({ after, operation: uses })).toEqual([expected]);
  });
});
