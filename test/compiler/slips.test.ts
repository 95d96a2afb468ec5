import { describe, expect, it } from "vitest";
import { compileText } from "../../compiler/compile.ts";
import { fixText } from "../../compiler/fix/fix-text.ts";

const shop = `metadata: { name: Shop, slug: shop, description: Orders of a shop., publisher: Example }
base_url: https://api.shop.example.com/v1
connection_config:
  - { key: region, label: Region, enum: [eu, us], default_value: eu }
credential_chains:
  - chain_id: login
    description: A session by user name and password.
    initial_credentials_required: [username, password]
    steps:
      - step_name: session
        endpoint: https://api.shop.example.com/login
        body: { user: "{username}", pass: "{password}" }
        success_status: "200-204"
        extract: { session_key: "$.key" }
    final_credential_name: session_key
authentication:
  - type: basic
    fields:
      - { key: user, label: User }
      - { key: api_key, label: Key, field_type: secret }
    auth_headers:
      Authorization: "Basic {base64({user}:{api_key})}"
    test_endpoint:
      url: /me
  - type: api_key
    credential_chain_id: login
  - type: aws_sigv4
    aws_sigv4: { service: shop, region: "{region}" }
rate_limits:
  - { scope: per_user, limit: 10, interval_seconds: 1 }
operations:
  - operation_id: list_orders
    endpoint: /orders
    summary: List orders
    auth_type_ref: [basic, api_key]
    rate_limit_scope: per_user
    parameters:
      - { name: state, location: query, schema: { enum: [open, closed] } }
  - operation_id: add_order
    endpoint: /orders
    method: POST
    summary: Add an order
    auth_type_ref: aws_sigv4
    content_type: xml
    parameters:
      - { name: id, location: body, required: true }
    body: |
      <order>
        <id>{id}</id>
      </order>
    response: { success_status: 201 }
`;

interface Slip {
  readonly title: string;
  readonly find: string;
  readonly put: string;
  /** `line rule`, and a part of the help. */
  readonly told: string;
  readonly help: string;
}

const slips: readonly Slip[] = [
  ["a section's everyday name", "base_url:", "server:", "2 structure/unknown-key", "Write `base_url`"],
  ["headers in a profile", "    auth_headers:", "    headers:", "21 structure/unknown-key", "`auth_headers`"],
  [
    "an endpoint in a test",
    "      url: /me",
    "      endpoint: /me",
    "24 structure/unknown-key",
    "Write `url`",
  ],
  [
    "another key's word",
    "rate_limit_scope:",
    "rate_limit:",
    "36 structure/unknown-key",
    "`rate_limit_scope`",
  ],
  [
    "a test's key",
    "{ success_status: 201 }",
    "{ expected_status: 201 }",
    "51 structure/unknown-key",
    "`success_status`",
  ],
  [
    "a keyword of a schema",
    "schema: { enum: [open, closed] }",
    "enum: [open, closed]",
    "38 structure/unknown-key",
    "`schema: { enum: … }`",
  ],
  [
    "a JSONPath for a place in a body",
    "location: body, required",
    "location: body, body_path: $.order.id, required",
    "46 structure/pattern",
    "without the `$.` of a JSONPath",
  ],
  ["a range that ends before it begins", "200-204", "204-200", "13 structure/range", "Write 200-204"],
  [
    "a type without its settings",
    '    aws_sigv4: { service: shop, region: "{region}" }\n',
    "",
    "27 structure/missing-key",
    "Add `aws_sigv4`",
  ],
  [
    "a name without braces before a colon",
    "{base64({user}:{api_key})}",
    "{base64(api_key:)}",
    "22 template/bare-argument",
    "{api_key}:",
  ],
  [
    "names without braces and a word between",
    "{base64({user}:{api_key})}",
    "{base64(user/token:api_key)}",
    "22 template/bare-argument",
    "{user}/token:{api_key}",
  ],
  [
    "a call in doubled braces",
    "{base64({user}:{api_key})}",
    "{{base64({user}:{api_key})}}",
    "22 template/mustache",
    "single braces",
  ],
  [
    "a parenthesis that is missing",
    "{base64({user}:{api_key})}",
    "{hex(sha256({user}:{api_key})}",
    "22 template/syntax",
    "other half",
  ],
  [
    "a parenthesis too many",
    "{base64({user}:{api_key})}",
    "{hex(sha256({user}:{api_key})))}",
    "22 template/syntax",
    "other half",
  ],
  [
    "a field that a given placement leaves out",
    "{user}:{api_key}",
    "{api_key}:",
    "19 authentication/unused-field",
    "place it",
  ],
  [
    "a name in a text of several lines",
    "<id>{id}</id>",
    "<id>{idd}</id>",
    "49 template/unknown-name",
    "Did you mean {id}?",
  ],
  [
    "an unknown type of a field named like a secret",
    "field_type: secret",
    "field_type: token",
    "20 structure/not-allowed",
    "accepted",
  ],
  [
    "a limit's scope that others refer to",
    "scope: per_user,",
    "scope: user,",
    "30 structure/not-allowed",
    "accepted",
  ],
  [
    "a hole without quotes that alone uses a name",
    '"{username}"',
    "{username}",
    "12 template/unquoted",
    "in quotes",
  ],
  ["a line that is indented less", "    method: POST", "   method: POST", "41 yaml/syntax", "indentation"],
  [
    "an apostrophe in single quotes",
    "summary: Add an order",
    "summary: 'Add a user's order'",
    "42 yaml/syntax",
    "doubled",
  ],
  ["an escape that is none", "{ key: region,", '{ key: "\\d",', "4 yaml/syntax", "single quotes"],
  ["a reserved character", "summary: Add an order", "summary: @order", "42 yaml/syntax", "in quotes"],
  [
    "a hash that begins a comment",
    "{ name: state, location",
    "{ name: #state, location",
    "38 yaml/syntax",
    "comment",
  ],
  [
    "a bracket without quotes",
    "{ name: state, location",
    "{ name: page[size], location",
    "38 yaml/syntax",
    "must be in quotes",
  ],
].map(([title = "", find = "", put = "", told = "", help = ""]) => ({ title, find, put, told, help }));

describe("a slip is told once, on its line, with its mend", () => {
  it("and nothing is said of the descriptor without one", async () => {
    expect((await compileText(shop)).diagnostics).toEqual([]);
  });

  it.each(slips)("$title", async ({ find, put, told, help }) => {
    const broken = shop.replace(find, () => put);
    expect(broken).not.toBe(shop);
    const { diagnostics } = await compileText(broken);
    expect(diagnostics.map(({ range, rule }) => `${range.start.line} ${rule}`)).toEqual([told]);
    expect(`${diagnostics[0]?.message} ${diagnostics[0]?.help}`).toContain(help);
  });
});

it("headers of a profile that has a test endpoint are no certain mend: which requests they are for is a guess", async () => {
  const broken = shop.replace("    auth_headers:", "    headers:");
  const { text } = await fixText(broken, async (one) => (await compileText(one)).diagnostics);
  expect(text).toBe(broken);
});

it("a host with more than words in it gets no guess in another style", async () => {
  const broken = shop.replace(
    "    test_endpoint:",
    '    allowed_hosts: ["https://*.shop.example.com"]\n    test_endpoint:',
  );
  const [told] = (await compileText(broken)).diagnostics;
  expect(told).toMatchObject({ rule: "structure/pattern", help: "Change it to the form that is asked for." });
});

it("names in quotes are text: the fields that they name are sent nowhere", async () => {
  const broken = shop.replace("{base64({user}:{api_key})}", "{base64('user/token:api_key')}");
  const { diagnostics } = await compileText(broken);
  expect(diagnostics.map(({ range, rule }) => `${range.start.line} ${rule}`)).toEqual([
    "19 authentication/unused-field",
    "20 authentication/unused-field",
  ]);
});

describe("JSON says which dialect it is not", () => {
  it.each([
    ['{ "metadata": {}, // here\n}', "no comments"],
    ["{ 'metadata': {} }", "double quotes alone"],
  ])("%s", async (text, help) => {
    const [told] = (await compileText(text, { format: "json" })).diagnostics;
    expect(told?.help).toContain(help);
  });
});
