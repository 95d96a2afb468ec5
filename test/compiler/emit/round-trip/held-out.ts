/** Connectors of many kinds, each with calls that use what is particular about it. They are shipped nowhere. */
import type { Handler } from "../../../../runtime/testing/index.ts";

export interface HeldOut {
  readonly name: string;
  readonly descriptor: string;
  readonly connection: object;
  readonly calls: readonly HeldOutCall[];
  /** One function for both modes' runs and the interpreter's: it answers by the request alone. */
  readonly answer: Handler;
}

export interface HeldOutCall {
  readonly operation: string;
  readonly params?: object;
  /** Read record by record. */
  readonly records?: true;
  readonly idempotencyKey?: string;
}

function metadata(slug: string): string {
  return `metadata: { name: ${slug}, slug: ${slug}, description: A connector to try clients with., publisher: Example }
base_url: https://api.example.com/v1
`;
}

const bearer = "authentication: [{ type: bearer }]\n";
const token = { profile: "bearer", credentials: { token: "example-token" } };

const numbers = [1, 2, 3, 4, 5];

export const heldOut: readonly HeldOut[] = [
  {
    name: "XML bodies and answers",
    descriptor: `${metadata("held-xml")}${bearer}operations:
  - operation_id: add_note
    endpoint: /notes
    method: POST
    summary: Add a note
    auth_type_ref: bearer
    content_type: xml
    parameters:
      - { name: text, location: body, required: true }
      - { name: stars, location: body, field_type: integer }
    body: '<note stars="{stars}"><text>{text}</text></note>'
    response: { type: xml, records_path: $.note }
`,
    connection: token,
    calls: [{ operation: "add_note", params: { text: 'a < b & "c"', stars: 3 } }],
    answer: () => ({
      status: 201,
      headers: { "content-type": "application/xml" },
      text: '<?xml version="1.0"?>\n<note id="7">\n  <text>a &lt; b &amp; &#x63;</text><tag>x</tag><tag/><raw><![CDATA[<y>]]></raw>\n</note>',
    }),
  },
  {
    name: "forms, deep and flat, and answers in lines",
    descriptor: `${metadata("held-form")}${bearer}operations:
  - operation_id: add_order
    endpoint: /orders
    method: POST
    summary: Add an order
    auth_type_ref: bearer
    content_type: form
    idempotency: { header: Idempotency-Key }
    parameters:
      - { name: customer, location: body, required: true }
      - { name: items, location: body, field_type: array }
      - { name: tags, location: body, field_type: array, style: deepObject }
      - { name: meta, location: body, field_type: object }
      - { name: due, location: body, field_type: date }
  - operation_id: list_lines
    endpoint: /lines
    summary: List lines
    auth_type_ref: bearer
    response: { type: jsonl }
  - operation_id: list_rows
    endpoint: /rows
    summary: List rows
    auth_type_ref: bearer
    response: { type: csv }
`,
    connection: token,
    calls: [
      {
        operation: "add_order",
        params: {
          customer: "Åsa & co",
          items: [
            { sku: "a b", n: 1 },
            { sku: "c", n: 2 },
          ],
          tags: ["x", "y"],
          meta: { a: { b: "1" } },
          due: "2026-01-31",
        },
        idempotencyKey: "order-1",
      },
      { operation: "list_lines" },
      { operation: "list_rows" },
    ],
    answer: ({ path }) =>
      path.endsWith("/lines")
        ? { text: '{"id":9007199254740993}\n{"id":2}\n' }
        : path.endsWith("/rows")
          ? { text: 'id,name\r\n1,"a ""b"", c"\r\n2,\r\n' }
          : { json: { ok: true } },
  },
  {
    name: "multipart uploads and bytes",
    descriptor: `${metadata("held-files")}${bearer}operations:
  - operation_id: upload
    endpoint: /files
    method: POST
    summary: Upload a file
    auth_type_ref: bearer
    content_type: multipart
    parameters:
      - { name: file, location: body, field_type: file, required: true }
      - { name: folder, location: body }
  - operation_id: put_bytes
    endpoint: /files/{id}
    method: PUT
    summary: Put bytes
    auth_type_ref: bearer
    content_type: octet-stream
    parameters:
      - { name: id, location: path }
      - { name: content, location: body, field_type: file, required: true }
    response: { type: binary }
  - operation_id: note
    endpoint: /notes
    method: POST
    summary: Write a text
    auth_type_ref: bearer
    parameters: [{ name: line, location: body, required: true }]
    body: "Line: {line}"
    response: { type: text }
`,
    connection: token,
    calls: [
      {
        operation: "upload",
        params: {
          file: { data: new Uint8Array([0, 255, 10]), filename: 'a "b".bin', content_type: "image/png" },
          folder: "x",
        },
      },
      { operation: "put_bytes", params: { id: "a b/c", content: new Uint8Array([1, 2, 3]) } },
      { operation: "note", params: { line: "ü" } },
    ],
    answer: ({ path }) => (path.endsWith("/notes") ? { text: "ok" } : { json: { id: 1 } }),
  },
  {
    name: "two steps to a token, whose refusal is met",
    descriptor: `${metadata("held-chain")}credential_chains:
  - chain_id: login
    description: A session, with it a token.
    initial_credentials_required: [username, password]
    steps:
      - step_name: session
        endpoint: https://login.example.com/session
        body: { user: "{username}", password: "{password}" }
        extract: { session_id: "$.session.id" }
        ttl_seconds: 86400
      - step_name: token
        endpoint: https://login.example.com/token
        content_type: form
        headers: { X-Session: "{session_id}" }
        body: { kind: access }
        extract: { token: "$.token", expires_in: "$.expires_in" }
    final_credential_name: token
authentication: [{ type: api_key, credential_chain_id: login }]
operations:
  - operation_id: read
    endpoint: /things/{id}
    summary: Read a thing
    auth_type_ref: api_key
    auth_headers: { X-Token: "{token}" }
    parameters: [{ name: id, location: path, field_type: integer }]
`,
    connection: { credentials: { username: "ada", password: "example-password" } },
    calls: [{ operation: "read", params: { id: 1 } }],
    answer: ({ path, headers, number }) =>
      path.endsWith("/session")
        ? { json: { session: { id: "s-1" } } }
        : path.endsWith("/token")
          ? { json: { token: `t-${number}`, expires_in: 3600 } }
          : headers["x-token"] === "t-2"
            ? { status: 401, json: { message: "token is stale" } }
            : { json: { id: 1 } },
  },
  {
    name: "pages by a cursor, by a link, by a number, by an offset",
    descriptor: `${metadata("held-pages")}${bearer}operations:
  - operation_id: by_cursor
    endpoint: /cursor
    summary: Read by cursor
    auth_type_ref: bearer
    parameters: [{ name: cursor, location: query }]
    pagination: { type: cursor, cursor_path: "$.next", cursor_param: cursor }
    response: { records_path: $.items }
  - operation_id: by_record
    endpoint: /record
    method: POST
    summary: Read by the last record
    side_effecting: false
    auth_type_ref: bearer
    pagination: { type: cursor, cursor_from_record: id, cursor_param: page.after, cursor_location: body, stop_on_short_page: true, limit_param: limit, page_size: 2 }
    response: { records_path: $.items }
  - operation_id: by_next_url
    endpoint: /next
    summary: Read by the next URL
    auth_type_ref: bearer
    pagination: { type: cursor, next_url_path: "$.next" }
    response: { records_path: $.items }
  - operation_id: by_header
    endpoint: /header
    summary: Read by a header
    auth_type_ref: bearer
    pagination: { type: cursor, cursor_header: X-Next, cursor_param: X-From, cursor_location: header }
    response: { records_path: $.items }
  - operation_id: by_link
    endpoint: /link
    summary: Read by links
    auth_type_ref: bearer
    pagination: { type: link_header, limit_param: per_page, page_size: 2 }
    response: { records_path: $.items }
  - operation_id: by_number
    endpoint: /number
    summary: Read by number
    auth_type_ref: bearer
    parameters: [{ name: page, location: query, field_type: integer }]
    pagination: { type: page, page_param: page, stop_on_short_page: true, limit_param: size, page_size: 2 }
    response: { records_path: $.items }
  - operation_id: by_offset
    endpoint: /offset
    summary: Read by offset
    auth_type_ref: bearer
    pagination: { type: offset, offset_param: from, limit_param: size, page_size: 2, total_path: $.total }
    response: { records_path: $.items }
`,
    connection: token,
    calls: ["by_cursor", "by_record", "by_next_url", "by_header", "by_link", "by_number", "by_offset"].map(
      (operation) => ({ operation, records: true }),
    ),
    answer: ({ path, query, headers, json }) => {
      const kind = path.slice(path.lastIndexOf("/") + 1);
      const after = (json as { page?: { after?: number } } | undefined)?.page?.after;
      const from = Number(
        kind === "number"
          ? (Number(query.get("page") ?? 1) - 1) * 2
          : (after ?? headers["x-from"] ?? query.get("cursor") ?? query.get("from") ?? 0),
      );
      const items = numbers.slice(from, from + 2).map((id) => ({ id }));
      const more = from + 2 < numbers.length;
      const next = `https://api.example.com/v1/${kind}?from=${from + 2}`;
      return {
        headers: {
          ...(kind === "link" && more ? { link: `<${next}>; rel="next"` } : {}),
          ...(kind === "header" && more ? { "x-next": String(from + 2) } : {}),
        },
        json: {
          items,
          total: numbers.length,
          next: more ? (kind === "next" ? next : String(from + 2)) : null,
        },
      };
    },
  },
  {
    name: "styles of parameters",
    descriptor: `${metadata("held-styles")}${bearer}operations:
  - operation_id: search
    endpoint: /search/{ids}?fixed
    summary: Search
    auth_type_ref: bearer
    parameters:
      - { name: ids, location: path, field_type: array }
      - { name: labels, location: query, field_type: array, style: form, explode: false }
      - { name: pipes, location: query, field_type: array, style: pipeDelimited }
      - { name: spaces, location: query, field_type: array, style: spaceDelimited }
      - { name: filter, location: query, field_type: object, style: deepObject }
      - { name: archived, location: query, field_type: boolean, style: flag }
      - { name: size, wire_name: "page[size]", location: query, field_type: integer, default_value: 50 }
      - { name: trace, wire_name: X-Trace, location: header, field_type: array }
      - { name: jar, location: cookie }
      - { name: when, location: query, field_type: datetime }
`,
    connection: token,
    calls: [
      {
        operation: "search",
        params: {
          ids: ["a", "b/c"],
          labels: ["x", "z"],
          pipes: ["1", "2"],
          spaces: ["a", "c"],
          filter: { a: { b: [1, 2] }, c: "d" },
          archived: true,
          trace: ["t", "u"],
          jar: "k v",
          when: new Date(Date.UTC(2026, 0, 2)),
        },
      },
      { operation: "search", params: { ids: ["ü+&="], archived: false } },
    ],
    answer: () => ({ json: {} }),
  },
  {
    name: "OAuth 1, SigV4, WSSE, Digest",
    descriptor: `${metadata("held-signers")}authentication:
  - { profile_id: one, type: oauth1 }
  - { profile_id: four, type: aws_sigv4, aws_sigv4: { service: execute-api, region: eu-central-1 } }
  - { profile_id: w, type: wsse }
  - { profile_id: d, type: digest }
operations:
${["one", "four", "w", "d"]
  .map(
    (profile) => `  - operation_id: send_${profile}
    endpoint: /signed/${profile}
    method: POST
    summary: Send
    auth_type_ref: ${profile}
    parameters:
      - { name: q, location: query }
      - { name: body, location: body, field_type: object }
`,
  )
  .join("")}`,
    connection: {
      profiles: {
        one: {
          credentials: {
            consumer_key: "ck",
            consumer_secret: "cs-secret",
            token: "tk",
            token_secret: "ts-secret",
          },
        },
        four: { credentials: { access_key_id: "AKIDEXAMPLE", secret_access_key: "example-key" } },
        w: { credentials: { username: "ada", password: "example-password" } },
        d: { credentials: { username: "ada", password: "example-password" } },
      },
    },
    calls: ["one", "four", "w", "d"].map((profile) => ({
      operation: `send_${profile}`,
      params: { q: "a b~ü", body: { x: 1 } },
    })),
    answer: ({ path, headers }) =>
      path.endsWith("/d") && headers.authorization === undefined
        ? {
            status: 401,
            headers: {
              "www-authenticate":
                'Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256, Digest realm="r", nonce="n", qop="auth", algorithm=MD5',
            },
          }
        : { json: {} },
  },
  {
    name: "tokens of a client, template functions, limits, rules of errors",
    descriptor: `${metadata("held-mixed")}rate_limits:
  - { scope: per_account, limit: 50, interval_seconds: 1 }
authentication:
  - type: oauth2_client_credentials
    oauth: { token_url: https://login.example.com/token, scopes: [read, write] }
operations:
  - operation_id: send
    endpoint: /send
    method: POST
    summary: Send
    auth_type_ref: oauth2_client_credentials
    retry: { initial_ms: 1, max_ms: 50 }
    idempotency: { header: Idempotency-Key }
    headers:
      X-Digest: "{hex(sha256({request.body}))}"
      X-Mac: "{base64(hmac_sha1({text}, 'k'))}"
      X-Time: "{now('date')}"
    errors:
      - { when: { json: { path: $.state, equals: busy } }, action: retry }
    parameters: [{ name: text, location: body, required: true }]
`,
    connection: { credentials: { client_id: "app", client_secret: "example-secret" } },
    calls: [{ operation: "send", params: { text: "hi" }, idempotencyKey: "k-1" }],
    answer: ({ path, number }) =>
      path.endsWith("/token")
        ? { json: { access_token: "t", token_type: "Bearer", expires_in: 3600 } }
        : number === 2
          ? { status: 409, json: { state: "busy" } }
          : { json: { state: "done" } },
  },
  {
    name: "a refresh token that each renewal replaces",
    descriptor: `${metadata("held-refresh")}authentication:
  - type: oauth2_authorization_code
    oauth: { authorize_url: https://login.example.com/authorize, token_url: https://login.example.com/token, scopes: [read] }
operations:
  - operation_id: read
    endpoint: /read
    summary: Read
    auth_type_ref: oauth2_authorization_code
`,
    connection: {
      credentials: { client_id: "app", client_secret: "example-secret", refresh_token: "example-refresh-1" },
    },
    calls: [{ operation: "read" }],
    answer: ({ path, form, headers }) =>
      path.endsWith("/token")
        ? {
            json: {
              access_token: `t-${form.get("refresh_token")}`,
              token_type: "Bearer",
              expires_in: 3600,
              refresh_token: "example-refresh-2",
            },
          }
        : headers.authorization === "Bearer t-example-refresh-1"
          ? { status: 401, json: { message: "stale" } }
          : { json: { ok: true } },
  },
];
