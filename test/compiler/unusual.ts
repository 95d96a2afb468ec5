/** Unusual but right: changes of `test/support/base.yaml` that must bring no error. */
export interface Unusual {
  readonly title: string;
  readonly change: (base: string) => string;
  readonly warnings?: readonly string[];
}

const swap =
  (find: string, put: string) =>
  (base: string): string => {
    if (!base.includes(find)) throw new Error(`not in the base: ${find}`);
    return base.replace(find, () => put);
  };

export const unusual: readonly Unusual[] = [
  { title: "a byte order mark", change: (base) => `\uFEFF${base}` },
  { title: "CR LF", change: (base) => base.replaceAll("\n", "\r\n") },
  { title: "CR LF and a byte order mark", change: (base) => `\uFEFF${base.replaceAll("\n", "\r\n")}` },
  {
    title: "a document marker and comments",
    change: (base) => `# Desk\n%YAML 1.2\n---\n${base}...\n# end\n`,
  },
  { title: "a trailing document marker", change: (base) => `${base}---\n` },
  { title: "two documents", change: (base) => `${base}---\n${base.replace("slug: desk", "slug: desk-two")}` },
  { title: "anchors and aliases", change: swap("tags: [read]", "tags: &reads [read]") },
  {
    title: "an alias of a whole parameter list",
    change: (base) =>
      base
        .replace(
          "    parameters:\n      - name: ticket_id",
          "    parameters: &ticket\n      - name: ticket_id",
        )
        .replace(
          '    response_schema: { $ref: "#/schemas/Ticket" }\n',
          '    response_schema: { $ref: "#/schemas/Ticket" }\n  - operation_id: delete_ticket\n    endpoint: "/tickets/{ticket_id}"\n    method: DELETE\n    summary: Delete one\n    auth_type_ref: api_key\n    parameters: *ticket\n',
        ),
  },
  { title: "quoted keys", change: swap("  slug: desk\n", '  "slug": desk\n') },
  {
    title: "block scalars",
    change: swap(
      "description: Tickets and people of a help desk.",
      "description: |\n    Tickets {not a hole} and\n    people of a help desk.",
    ),
  },
  {
    title: "braces in a description",
    change: swap("description: Key of an agent.", 'description: "Key {of} an {{agent}}"'),
  },
  {
    title: "several limits of one scope with other intervals",
    change: swap(
      "  - name: reads\n",
      "  - scope: per_account\n    limit: 1000\n    interval_seconds: 3600\n  - name: reads\n",
    ),
  },
  {
    title: "parameters called email and body",
    change: swap(
      "      - name: trace\n",
      "      - name: email\n        location: query\n      - name: body\n        location: query\n      - name: trace\n",
    ),
  },
  {
    title: "a GraphQL body",
    change: swap(
      "    idempotency:\n",
      '    body:\n      query: { $raw: "query { viewer { login } }" }\n      variables: { subject: "{subject}" }\n    idempotency:\n',
    ),
  },
  {
    title: "a GraphQL text with escaped braces",
    change: swap(
      "    idempotency:\n",
      '    body:\n      query: "query {{ viewer {{ login }} }}"\n    idempotency:\n',
    ),
  },
  {
    title: "an unused profile",
    change: swap("credential_chains:\n", "  - type: basic\ncredential_chains:\n"),
  },
  {
    title: "a none profile",
    change: (base) =>
      swap(
        "credential_chains:\n",
        "  - type: none\ncredential_chains:\n",
      )(base).replace("auth_type_ref: api_key\n    parameters", "auth_type_ref: none\n    parameters"),
  },
  {
    title: "x- keys everywhere",
    change: (base) =>
      base
        .replace("metadata:\n", "x-team: desk\nmetadata:\n  x-id: 7\n")
        .replace("    cost: 2\n", "    cost: 2\n    x-note: { a: [1] }\n"),
  },
  {
    title: "an example of any scalar",
    change: swap(
      "        field_type: integer\n        default_value: 50",
      "        field_type: integer\n        example: 25\n        default_value: 50",
    ),
  },
  {
    title: "numbers and booleans in headers",
    change: swap("X-Source: connector", "X-Source: connector\n      X-Version: 2\n      X-Flag: true"),
  },
  {
    title: "a full URL in an operation",
    change: swap(
      "    endpoint: /tickets\n    method: POST",
      '    endpoint: "https://upload.desk.example.com/tickets?notify=1&lang={region}"\n    method: POST',
    ),
  },
  {
    title: "a query hole for a query parameter",
    change: swap(
      "    endpoint: /tickets\n    summary: List tickets",
      '    endpoint: "/tickets?state={status}"\n    summary: List tickets',
    ),
  },
  {
    title: "qualified names",
    change: (base) =>
      base
        .replace("{base64({email}:{api_key})}", "{base64({credentials.email}:{credentials.api_key})}")
        .replace('"/tickets/{ticket_id}"', '"/tickets/{params.ticket_id}"')
        .replace("https://{region}.desk.example.com/api", "https://{config.region}.desk.example.com/api"),
  },
  {
    title: "a name with brackets",
    change: swap(
      '    endpoint: "/tickets/{ticket_id}"',
      '    endpoint: "/tickets/{params[\\"ticket_id\\"]}"',
    ),
  },
  {
    title: "a signature",
    change: swap(
      '    auth_headers:\n      Authorization: "Basic {base64({email}:{api_key})}"\n',
      '    auth_headers:\n      X-User: "{email}"\n      X-Time: "{now(unix)}"\n      X-Signature: "{hex(hmac_sha256({api_key}, {now(unix)}.{request.method}.{request.path}.{request.body}))}"\n',
    ),
  },
  {
    title: "a default in a template",
    change: swap("X-Source: connector", 'X-Source: "{default({priority}, none)}"'),
  },
  { title: "a path with slashes", change: swap('"/tickets/{ticket_id}"', '"/files/{path({ticket_id})}"') },
  {
    title: "auth_query with a secret",
    change: swap(
      '    auth_headers:\n      Authorization: "Basic {base64({email}:{api_key})}"\n',
      '    auth_query:\n      user: "{email}"\n      key: "{api_key}"\n',
    ),
  },
  { title: "a setting in a header", change: swap("X-Source: connector", 'X-Source: "{region}"') },
  {
    title: "a schema with a property called __proto__",
    change: swap(
      "      subject: { type: string, maxLength: 200 }",
      "      subject: { type: string, maxLength: 200 }\n      __proto__: { type: string }\n      constructor: { type: string }",
    ),
  },
  {
    title: "a recursive schema",
    change: swap(
      "      subject: { type: string, maxLength: 200 }",
      '      subject: { type: string }\n      parent: { $ref: "#/schemas/Ticket" }\n      replies: { type: array, items: { $ref: "#/$defs/Reply" } }\n    $defs:\n      Reply: { type: object, properties: { next: { $ref: "#/$defs/Reply" } } }',
    ),
  },
  {
    title: "a `$ref` inside an example",
    change: swap(
      "      id: { type: string }",
      '      id: { type: string, examples: [{ $ref: "https://example.com/x" }] }',
    ),
  },
  {
    title: "a filter path",
    change: swap('records_path: "$.tickets"', 'records_path: "$.tickets[?@.open == true]"'),
  },
  { title: "a path with quotes and an index", change: swap('"$.session.id"', "\"$['session'][0]['id']\"") },
  {
    title: "a later extract of a name that ends the chain",
    change: swap(
      '          session_id: "$.session.id"\n        ttl',
      '          session_id: "$.session.id"\n          access: "$.first"\n        ttl',
    ),
    warnings: ["chain/unused-extract"],
  },
  {
    title: "a text extract",
    change: swap('          session_id: "$.session.id"', "          session_id: { text: true }"),
  },
  {
    title: "a header extract and a TTL from it",
    change: swap(
      '          access: "$.token"\n          expires_in: "$.expires_in"',
      '          access: "$.token"\n          until: { header: X-Expires }\n        ttl_from: { kind: expires_at, extract: until, unit: date }',
    ),
  },
  {
    title: "retries switched off",
    change: swap("      max_attempts: 2\n      on_status: [503]", "      max_attempts: 1"),
  },
  {
    title: "no operations but a database",
    change: (base) =>
      `${base.slice(0, base.indexOf("credential_chains:")).replace(/ {2}- profile_id: login[\s\S]*$/, "")}database_config:\n  adapter: postgres\n`,
  },
  {
    title: "emoji and long texts",
    change: swap("summary: Read one ticket", 'summary: "Read one ticket 🎫 — ünïcode"'),
  },
  {
    title: "a loopback URL over http",
    change: swap(
      'token_url: "https://{region}.desk.example.com/oauth/token"',
      'token_url: "http://127.0.0.1:8080/oauth/token"',
    ),
  },
  {
    title: "all of it as defaults",
    change: swap(
      "schemas:\n",
      "defaults:\n  headers: { Accept-Language: en }\n  query: { api: 2 }\n  timeout_ms: 5000\n  retry: { max_attempts: 2 }\n  errors:\n    - when: { text: { contains: busy } }\n      action: retry\nschemas:\n",
    ),
  },
];
