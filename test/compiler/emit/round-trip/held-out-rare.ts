/** Connectors with what few connectors have. They are shipped nowhere. */
import type { HeldOut } from "./held-out.ts";

function head(slug: string): string {
  return `metadata: { name: ${slug}, slug: ${slug}, description: A connector to try clients with., publisher: Example }
base_url: https://api.example.com/v1
`;
}

/** Operations called like members of objects, of clients and of each other. */
const oddNames = [
  "then",
  "3d_print",
  "is_prototype_of",
  "to_json",
  "close",
  "put_thing",
  "put__thing",
  "request",
  "connection",
];

const basic = "authentication: [{ type: basic }]\n";
const user = { credentials: { username: "ada", password: "example:password" } };

export const rareHeldOut: readonly HeldOut[] = [
  {
    name: "names that clash, are reserved or begin with digits",
    descriptor: `${head("rare-names")}${basic}schemas:
  Node:
    type: object
    required: [constructor]
    properties:
      constructor: { type: string }
      "a-b": { type: [string, "null"] }
      children: { type: array, items: { $ref: "#/schemas/Node" } }
      point: { type: array, prefixItems: [{ type: number }, { type: [string, "null"] }], items: false, minItems: 2 }
operations:
${oddNames
  .map(
    (id) => `  - operation_id: "${id}"
    endpoint: "/named/{class}"
    method: PUT
    summary: Call it
    auth_type_ref: basic
    parameters:
      - { name: class, location: path }
      - { name: prototype_, wire_name: toString, location: query }
      - { name: "x-y z", wire_name: "x[y]", location: query, field_type: integer }
      - { name: node, location: body, field_type: object, schema: { $ref: "#/schemas/Node" } }
    response_schema: { $ref: "#/schemas/Node" }
`,
  )
  .join("")}`,
    connection: user,
    calls: oddNames.map((operation) => ({
      operation,
      params: {
        class: operation,
        prototype_: "p",
        "x-y z": 1,
        node: { constructor: "c", "a-b": null, children: [{ constructor: "d" }], point: [1, null] },
      },
    })),
    answer: ({ path }) => ({ json: { constructor: path, "a-b": null } }),
  },
  {
    name: "labels and matrices in paths, alternatives in bodies, dates and large numbers",
    descriptor: `${head("rare-values")}authentication:
  - { type: api_key, fields: [{ key: key, label: Key, secret: true }] }
operations:
  - operation_id: read
    endpoint: "/of{ids}/at{where}/{pair}/{rest}"
    summary: Read
    auth_type_ref: api_key
    auth_query: { "api[key]": "{key}" }
    auth_cookies: { sid: "{key}" }
    parameters:
      - { name: ids, location: path, field_type: array, style: matrix, explode: true }
      - { name: where, location: path, field_type: object, style: label, explode: true }
      - { name: pair, location: path, field_type: object, style: simple }
      - { name: rest, location: path }
      - { name: sort, location: cookie, field_type: array, explode: false }
      - { name: big, location: query, field_type: integer }
      - { name: on, location: query, field_type: date }
      - { name: any, location: query, field_type: json }
  - operation_id: pay
    endpoint: /pay
    method: POST
    summary: Pay
    auth_type_ref: api_key
    auth_headers: { Authorization: "Key {key}" }
    parameters:
      - name: by
        location: body
        field_type: object
        required: true
        schema:
          oneOf:
            - { type: object, required: [kind, iban], properties: { kind: { const: bank }, iban: { type: string } } }
            - { type: object, required: [kind, number], properties: { kind: { const: card }, number: { type: integer, format: int64 } } }
      - { name: due, location: body, body_path: terms.due, field_type: datetime }
      - { name: note, location: body, body_path: terms.note, schema: { type: [string, "null"] } }
      - { name: until, location: body, required: true, schema: { type: [string, "null"] } }
    body: { v: 2, terms: { net: true } }
`,
    connection: { credentials: { key: "example'key+/=" } },
    calls: [
      {
        operation: "read",
        params: {
          ids: ["a b", "ü/"],
          where: { x: "1", y: "é" },
          pair: { k: "v;", l: "w" },
          rest: "..a",
          sort: ["up", "down"],
          big: 12345678901234567890n,
          on: new Date(Date.UTC(2026, 1, 3)),
          any: ["x", "y"],
        },
      },
      {
        operation: "pay",
        params: {
          by: { kind: "card", number: 9007199254740993n },
          due: new Date(0),
          note: "\u{1f600}",
          until: "x",
        },
      },
      { operation: "pay", params: { by: { kind: "bank", iban: "DE" }, until: null } },
    ],
    answer: ({ path }) =>
      path.endsWith("/pay") ? { text: '{"id":18446744073709551615,"x":1.5}' } : { json: [null, 0, ""] },
  },
  {
    name: "uploads of several files, rows with quotes, XML with attributes",
    descriptor: `${head("rare-bodies")}${basic}operations:
  - operation_id: upload
    endpoint: /files
    method: POST
    summary: Upload
    auth_type_ref: basic
    content_type: multipart
    parameters:
      - { name: first, location: body, field_type: file, required: true }
      - { name: second, location: body, field_type: file }
      - { name: meta, location: body, field_type: object }
      - { name: tags, location: body, field_type: array }
      - { name: public, location: body, field_type: boolean }
  - operation_id: rows
    endpoint: /rows
    method: POST
    summary: Rows
    auth_type_ref: basic
    content_type: application/vnd.example+json
    parameters: [{ name: of, location: body, field_type: array }]
    body: "{of}"
    response: { type: csv }
  - operation_id: order
    endpoint: /orders
    method: POST
    summary: Order
    auth_type_ref: basic
    content_type: xml
    parameters:
      - { name: id, location: body }
      - { name: text, location: body }
    body: '<o:order xmlns:o="urn:o" id="{id}"><line>{text}</line></o:order>'
    response: { type: xml, records_path: "$.list.item" }
    errors:
      - { when: { status: 400, text: { contains: busy } }, action: retry }
    retry: { max_attempts: 2, initial_ms: 1, max_ms: 50 }
`,
    connection: user,
    calls: [
      {
        operation: "upload",
        params: {
          first: { data: "täxt", filename: "a\r\nb.txt" },
          second: new Blob([new Uint8Array([1, 2])], { type: "image/png" }),
          meta: { a: { b: [1] } },
          tags: ["x", "y"],
          public: false,
        },
      },
      { operation: "rows", params: { of: [{ a: 1 }, null] } },
      { operation: "order", params: { id: "\"<&\n'", text: "]]>" } },
    ],
    answer: ({ path, number }) => {
      if (path.endsWith("/rows"))
        return {
          headers: { "content-type": "text/csv; charset=windows-1252" },
          text: 'a,b\n1,"x;\n""y"""\n',
        };
      if (!path.endsWith("/orders")) return { status: 204 };
      return number === 1
        ? { status: 400, text: "<error>busy</error>" }
        : { text: '<list><item a="1">x</item><item><b/><b>2</b></item></list>' };
    },
  },
  {
    name: "a chain over a form, a cookie and a header, each call with a signature",
    descriptor: `${head("rare-chain")}connection_config:
  - { key: site, label: Site, format: subdomain }
credential_chains:
  - chain_id: session
    description: A cookie, with it a token.
    initial_credentials_required: [username, password]
    steps:
      - step_name: open
        endpoint: "https://{site}.example.com/open"
        method: POST
        content_type: form
        body: { user: "{username}", hash: "{hex(hmac_sha256({password}, {username}))}" }
        extract: { sid: { cookie: sid }, csrf: { header: X-Csrf } }
        ttl_seconds: 600
      - step_name: token
        endpoint: "https://{site}.example.com/token"
        method: POST
        headers: { Cookie: "sid={sid}", X-Csrf: "{csrf}" }
        body: { grant: [session, { of: "{username}" }] }
        extract: { token: "$.data[0].token", expires_at: "$.data[0].until" }
        ttl_from: { kind: expires_at, unit: seconds }
    final_credential_name: token
authentication: [{ type: api_key, credential_chain_id: session }]
operations:
  - operation_id: send
    endpoint: "https://{site}.example.com/send/{id}"
    method: PATCH
    summary: Send
    auth_type_ref: api_key
    auth_headers: { X-Token: "{token}", X-Sign: "{base64(hmac_sha512({request.body}, {token}))}" }
    headers: { X-Path: "{lower({request.path})}", X-Csrf: "{csrf}" }
    parameters: [{ name: id, location: path }, { name: text, location: body }]
`,
    connection: { config: { site: "acme" }, credentials: { username: "ada", password: "example-password" } },
    calls: [
      { operation: "send", params: { id: "A/B", text: "x" } },
      { operation: "send", params: { id: "1" } },
    ],
    answer: ({ path, headers, number }) => {
      if (path.endsWith("/open"))
        return { headers: { "set-cookie": `sid=s${number}; Path=/`, "x-csrf": "c" }, json: {} };
      if (path.endsWith("/token"))
        return { json: { data: [{ token: `t${number}`, until: 90_000_000_000 }] } };
      return headers["x-token"] === "t2" ? { status: 401, json: {} } : { json: { ok: headers["x-token"] } };
    },
  },
  {
    name: "relative links of pages, offsets in a body, pages with a total, and where they fail",
    descriptor: `${head("rare-pages")}${basic}operations:
  - operation_id: links
    endpoint: /links
    summary: Links
    auth_type_ref: basic
    parameters: [{ name: q, location: query }]
    pagination: { type: link_header }
  - operation_id: offsets
    endpoint: /offsets
    method: POST
    summary: Offsets
    side_effecting: false
    auth_type_ref: basic
    parameters:
      - { name: size, location: body, field_type: integer, default_value: 2 }
      - { name: from, location: body, body_path: window.from, field_type: integer }
    pagination: { type: offset, offset_param: from, has_more_path: $.more }
    response: { records_path: "$.rows" }
  - operation_id: counted
    endpoint: /counted
    summary: Counted
    auth_type_ref: basic
    pagination: { type: page, page_param: p, start_page: 0, total_path: $.total, primary_key: id }
    response: { records_path: "$.rows" }
    errors:
      - { when: { status: 410 }, action: fail, code: gone_away, message: It is gone. }
`,
    connection: user,
    calls: [
      { operation: "links", params: { q: "a'b c" }, records: true },
      { operation: "offsets", records: true },
      { operation: "counted", records: true },
    ],
    answer: ({ path, query, json, target, number }) => {
      if (path.endsWith("/links"))
        return number < 3
          ? { headers: { link: `<${target}&page=${number + 1}>; rel="next"` }, json: [{ n: number }] }
          : { json: [] };
      const from = (json as { window?: { from?: number } } | undefined)?.window?.from ?? 0;
      if (path.endsWith("/offsets")) return { json: { rows: [from, from + 1], more: from < 4 } };
      const page = Number(query.get("p"));
      return page === 2
        ? { status: 410, json: { message: "no such page" } }
        : { json: { rows: [{ id: page * 2 }, { id: page * 2 + 1 }], total: 6 } };
    },
  },
  {
    name: "OAuth with a rotated token after a refusal, retries of an operation's own, Digest anew",
    descriptor: `${head("rare-auth")}authentication:
  - profile_id: o
    type: oauth2_authorization_code
    oauth: { authorize_url: https://login.example.com/a, token_url: https://login.example.com/token, scopes: [a, b], client_auth: basic }
    expired_when: { status: 403, json: { path: $.code, equals: expired } }
  - { profile_id: d, type: digest }
operations:
  - operation_id: read
    endpoint: /read
    summary: Read
    auth_type_ref: o
    retry: { max_attempts: 5, on_status: [418, 503], initial_ms: 1, max_ms: 50 }
  - operation_id: fail
    endpoint: /fail
    method: POST
    summary: Fail
    auth_type_ref: o
    retry: { max_attempts: 4, on_status: [418], initial_ms: 1, max_ms: 50 }
  - operation_id: write
    endpoint: "/write?x={x}"
    method: PUT
    summary: Write
    auth_type_ref: d
    parameters: [{ name: x, location: query }, { name: y, location: body }]
`,
    connection: {
      profiles: {
        o: { credentials: { client_id: "a:p", client_secret: "s s", refresh_token: "example-refresh-1" } },
        d: { credentials: { username: 'a"da', password: "example-password" } },
      },
    },
    calls: [
      { operation: "read" },
      { operation: "fail" },
      { operation: "write", params: { x: "a/b", y: "z" } },
    ],
    answer: ({ path, form, headers, number }) => {
      if (path.endsWith("/token"))
        return {
          json: {
            access_token: `t-${form.get("refresh_token")}`,
            token_type: "Bearer",
            expires_in: 3600,
            refresh_token: `example-refresh-${number + 1}`,
          },
        };
      if (path.endsWith("/fail")) return { status: 418, json: { error: { code: "teapot", message: "No." } } };
      if (path.endsWith("/write")) {
        const nonce = /nonce="(\w+)"/.exec(headers.authorization ?? "")?.[1];
        return nonce === "n2"
          ? { json: {} }
          : {
              status: 401,
              headers: {
                "www-authenticate": `Digest realm="a \\"b\\"", nonce="${nonce === "n1" ? "n2" : "n1"}", qop="auth", opaque="o", algorithm=MD5-sess${nonce === "n1" ? ", stale=true" : ""}`,
              },
            };
      }
      if (headers.authorization === "Bearer t-example-refresh-1")
        return { status: 403, json: { code: "expired" } };
      return number < 5 ? { status: 418 } : { json: { ok: true } };
    },
  },
];
