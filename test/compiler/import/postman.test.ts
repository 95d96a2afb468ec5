import { afterEach, describe, expect, it } from "vitest";
import { json } from "../../../runtime/testing/index.ts";
import { type Connected, connectImported } from "./connect-imported.ts";
import { importOne, importText } from "./import-text.ts";

const schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";

function collection(item: readonly object[], more: object = {}): object {
  return { info: { name: "Shop API", description: "Orders and their lines.", schema }, item, ...more };
}

const shop = collection(
  [
    {
      name: "Orders",
      item: [
        {
          name: "List orders",
          request: {
            method: "GET",
            description: "All of them, newest first.",
            header: [
              { key: "X-Api-Version", value: "2024-01-01" },
              { key: "Accept", value: "application/json" },
            ],
            url: {
              raw: "{{baseUrl}}/orders?limit=20&cursor=&status=open",
              query: [
                { key: "limit", value: "20", description: "How many at once." },
                { key: "cursor", value: "" },
                { key: "status", value: "open", disabled: true },
              ],
            },
          },
          response: [
            {
              name: "ok",
              code: 200,
              header: [{ key: "Content-Type", value: "application/json" }],
              body: '{"data":[{"id":7,"total":1.5,"paid":true,"note":null}],"next_cursor":"x1"}',
            },
          ],
        },
        {
          name: "Create an order",
          event: [{ listen: "prerequest", script: { exec: ["pm.environment.set('now', Date.now())"] } }],
          request: {
            method: "POST",
            url: "{{baseUrl}}/orders/:orderId/lines",
            body: {
              mode: "raw",
              raw: '{ "sku": "{{sku}}", "count": {{count}}, "gift": false, "to": { "city": "Bern" }, /* x */ }',
              options: { raw: { language: "json" } },
            },
          },
        },
      ],
    },
    {
      name: "Upload",
      request: {
        method: "PUT",
        auth: { type: "noauth" },
        url: { raw: "{{baseUrl}}/files/42", host: ["{{baseUrl}}"], path: ["files", "42"] },
        body: {
          mode: "formdata",
          formdata: [
            { key: "file", type: "file", src: "/home/me/a.png" },
            { key: "title", value: "A picture", type: "text", description: "Shown below it." },
          ],
        },
      },
    },
  ],
  {
    auth: { type: "bearer", bearer: [{ key: "token", value: "{{token}}" }] },
    variable: [{ key: "baseUrl", value: "https://api.shop.example/v2" }],
  },
);

const open: Connected[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

describe("import postman", () => {
  it("makes operations of requests, tags of folders, settings of variables, and pages of examples", async () => {
    const { descriptor, lost } = await importOne(shop);
    expect(descriptor).toMatchObject({
      metadata: { name: "Shop API", slug: "shop" },
      base_url: "{baseUrl}",
      connection_config: [{ key: "baseUrl", default_value: "https://api.shop.example/v2", format: "uri" }],
      authentication: [{ type: "bearer" }, { type: "none" }],
      operations: [
        {
          operation_id: "list_orders",
          endpoint: "/orders",
          summary: "List orders",
          description: "All of them, newest first.",
          tags: ["Orders"],
          auth_type_ref: "bearer",
          parameters: [
            { name: "limit", field_type: "integer", description: "How many at once.", example: 20 },
            { name: "cursor", location: "query" },
            { name: "status", location: "query", example: "open" },
            { wire_name: "X-Api-Version", default_value: "2024-01-01" },
          ],
          response: { records_path: "$.data" },
          pagination: {
            type: "cursor",
            cursor_path: "$.next_cursor",
            cursor_param: "cursor",
            limit_param: "limit",
          },
          response_schema: {
            properties: {
              data: {
                items: {
                  properties: {
                    id: { type: "integer" },
                    total: { type: "number" },
                    paid: { type: "boolean" },
                    note: {},
                  },
                },
              },
            },
          },
        },
        {
          operation_id: "create_an_order",
          endpoint: "/orders/{orderId}/lines",
          method: "POST",
          parameters: [
            { name: "orderId", location: "path" },
            { name: "sku", location: "body" },
            { name: "count", location: "body", field_type: "json" },
            { name: "gift", location: "body", field_type: "boolean" },
            { name: "to", location: "body", field_type: "object" },
          ],
        },
        {
          operation_id: "upload",
          endpoint: "/files/{file_id}",
          auth_type_ref: "none",
          content_type: "multipart",
          parameters: [
            { name: "file_id", location: "path" },
            { name: "file", field_type: "file" },
            { name: "title", description: "Shown below it.", example: "A picture" },
          ],
        },
      ],
    });
    expect(lost.map(({ message }) => message)).toEqual([
      expect.stringContaining("A script runs before this request"),
    ]);
  });

  it("calls what a collection says, with the credential in its place", async () => {
    const { text } = await importOne(shop);
    const connected = await connectImported(
      text,
      { "GET /v2/orders": json({ data: [] }), "POST /v2/orders/a%20b/lines": json({ ok: true }) },
      { credentials: { token: "given" } },
    );
    open.push(connected);
    await connected.connection.call("list_orders", { limit: 5 });
    await connected.connection.call("create_an_order", { orderId: "a b", sku: "s", count: 3 });
    expect(connected.server.requests.map(({ target, headers }) => [target, headers.authorization])).toEqual([
      ["/v2/orders?limit=5", "Bearer given"],
      ["/v2/orders/a%20b/lines", "Bearer given"],
    ]);
    expect(connected.server.requests[0]?.headers["x-api-version"]).toBe("2024-01-01");
    expect(connected.server.requests[1]?.json).toEqual({ sku: "s", count: 3 });
  });

  const list = (entries: object): object[] => Object.entries(entries).map(([key, value]) => ({ key, value }));
  const signed = (type: string, settings: object): object =>
    collection([{ name: "One", request: { url: "https://api.example.com/one" } }], {
      auth: { type, [type]: list(settings) },
    });

  it.each<[string, object, object]>([
    [
      "apikey",
      { key: "X-Key", value: "{{k}}", in: "header" },
      { type: "api_key", auth_headers: { "X-Key": "{x_key}" } },
    ],
    [
      "apikey",
      { key: "key", value: "{{k}}", in: "query" },
      { type: "api_key", auth_query: { key: "{key}" } },
    ],
    ["basic", { username: "{{u}}", password: "{{p}}" }, { type: "basic" }],
    ["digest", { username: "{{u}}", password: "{{p}}" }, { type: "digest" }],
    [
      "oauth1",
      { signatureMethod: "HMAC-SHA256" },
      { type: "oauth1", oauth1: { signature_method: "HMAC-SHA256" } },
    ],
    [
      "awsv4",
      { service: "s3", region: "eu-west-1" },
      { type: "aws_sigv4", aws_sigv4: { service: "s3", region: "eu-west-1" } },
    ],
    [
      "oauth2",
      {
        grant_type: "client_credentials",
        accessTokenUrl: "https://id.example.com/token",
        scope: "read write",
        client_authentication: "header",
      },
      {
        type: "oauth2_client_credentials",
        oauth: {
          token_url: "https://id.example.com/token",
          default_scopes: ["read", "write"],
          client_auth: "basic",
        },
      },
    ],
    [
      "oauth2",
      {
        grant_type: "authorization_code_with_pkce",
        authUrl: "https://id.example.com/auth",
        accessTokenUrl: "https://id.example.com/token",
      },
      { type: "oauth2_authorization_code", oauth: { authorize_url: "https://id.example.com/auth" } },
    ],
    ["oauth2", { grant_type: "implicit", authUrl: "https://id.example.com/auth" }, { type: "bearer" }],
    [
      "jwt",
      { algorithm: "HS256", payload: '{"iss":"{{issuer}}","admin":true}' },
      { type: "jwt", jwt: { algorithm: "HS256", key: "{key}", claims: { iss: "{issuer}", admin: true } } },
    ],
  ])("carries the authentication %s %j", async (type, settings, profile) => {
    const { descriptor } = await importOne(signed(type, settings));
    expect(descriptor.authentication).toMatchObject([profile]);
  });

  it.each(["hawk", "ntlm", "edgegrid"])(
    "names the authentication %s, which no profile says",
    async (type) => {
      const { descriptor, lost, text } = await importOne(signed(type, { password: "{{p}}" }));
      expect(descriptor.authentication).toEqual([{ type: "none" }]);
      expect(lost).toEqual([{ at: "/item/0", message: expect.stringContaining(`authentication ${type}`) }]);
      expect(text).toContain(`# There is no word here for the authentication ${type}`);
    },
  );

  it("inherits the authentication of folders, and takes keys of headers, queries and paths for credentials", async () => {
    const at = (path: string): object => ({
      name: path.slice(0, 40),
      request: { url: `https://api.example.com${path}` },
    });
    const { descriptor } = await importOne(
      collection([
        {
          name: "In",
          auth: { type: "basic", basic: [] },
          item: [at("/a"), { name: "Deeper", item: [at("/b")] }],
        },
        at("/c?api_key={{apiKey}}"),
        at("/bot{{botToken}}/me"),
        {
          name: "d",
          request: { url: "https://api.example.com/d", header: [{ key: "X-Auth-Token", value: "{{t}}" }] },
        },
      ]),
    );
    expect(descriptor.operations?.map((one) => [one.endpoint, one.auth_type_ref])).toEqual([
      ["/a", "basic"],
      ["/b", "basic"],
      ["/c", "api_key"],
      ["/bot{botToken}/me", "bot_token"],
      ["/d", "x_auth_token"],
    ]);
    expect(descriptor.operations?.[1]?.tags).toEqual(["Deeper", "In"]);
    expect(descriptor.authentication).toMatchObject([
      { type: "basic" },
      { type: "api_key", auth_query: { api_key: "{apiKey}" } },
      { profile_id: "bot_token", fields: [{ key: "botToken" }] },
      { auth_headers: { "X-Auth-Token": "{t}" } },
    ]);
  });

  it("sends GraphQL as the collection has it, with parameters for its variables", async () => {
    const query = 'query Orders($first: Int) { orders(first: $first, sort: "name") { id } }';
    const { descriptor } = await importOne(
      collection([
        {
          name: "Orders",
          request: {
            method: "POST",
            url: "https://api.example.com/graphql",
            body: { mode: "graphql", graphql: { query, variables: '{"first": 3}' } },
          },
        },
      ]),
    );
    expect(descriptor.operations?.[0]).toMatchObject({
      parameters: [{ name: "first", location: "body" }],
      body: { query: { $raw: query }, operationName: "Orders", variables: { first: "{first}" } },
    });
  });

  it("keeps a document of XML with variables, and asks for one that may hold somebody's own", async () => {
    const soap = (inner: string): object => ({
      name: "Ask",
      request: {
        method: "POST",
        url: "https://soap.example.com/ask",
        header: [{ key: "Content-Type", value: "text/xml" }],
        body: { mode: "raw", raw: `<Ask><Name>{{name}}</Name>${inner}</Ask>` },
      },
    });
    const open = await importOne(collection([soap("<Kind>plain</Kind>")]));
    expect(open.descriptor.operations?.[0]?.body).toBe("<Ask><Name>{name}</Name><Kind>plain</Kind></Ask>");
    const closed = await importOne(collection([soap("<Password>hunter2!</Password>")]));
    expect(closed.descriptor.operations?.[0]?.body).toBe("{body}");
  });

  it("reads version 2.0 and what Postman's API wraps, and says what to do with version 1", async () => {
    const old = {
      info: { name: "Old", schema: schema.replace("2.1", "2.0") },
      item: [
        {
          name: "One",
          request: {
            url: "http://api.example.com/one/:id",
            auth: { type: "apikey", apikey: { key: "X-K", in: "header" } },
          },
        },
      ],
    };
    const { descriptors } = await importText({ collection: old });
    expect(descriptors[0]).toMatchObject({
      base_url: "https://api.example.com",
      authentication: [{ auth_headers: { "X-K": "{x_k}" } }],
      operations: [{ endpoint: "/one/{id}" }],
    });
    await expect(importText({ id: "x", name: "v1", order: [], requests: [] })).rejects.toThrow(
      "export it as version 2.1",
    );
  });

  it("selects by folder, request and path", async () => {
    const { descriptors } = await importText(shop, { select: ["upl*"] });
    expect(descriptors[0]?.operations?.map((one) => one.operation_id)).toEqual(["upload"]);
    await expect(importText(shop, { select: ["nothing"] })).rejects.toThrow("matches none of the 3 requests");
  });
});
