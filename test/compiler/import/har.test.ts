import { afterEach, describe, expect, it } from "vitest";
import { json } from "../../../runtime/testing/index.ts";
import { type Connected, connectImported } from "./connect-imported.ts";
import { importOne, importText } from "./import-text.ts";

interface Call {
  readonly method?: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: Readonly<Record<string, string>>;
  readonly send?: unknown;
  readonly form?: string;
  readonly status?: number;
  readonly answer?: unknown;
  readonly media?: string;
  readonly resource?: string;
}

const pairs = (map: Readonly<Record<string, string>> = {}): object[] =>
  Object.entries(map).map(([name, value]) => ({ name, value }));

function entryOf({
  method = "GET",
  url,
  headers,
  cookies,
  send,
  form,
  status = 200,
  answer,
  media,
  resource = "xhr",
}: Call): object {
  const data =
    send === undefined
      ? form === undefined
        ? undefined
        : { mimeType: "application/x-www-form-urlencoded", text: form }
      : { mimeType: "application/json", text: JSON.stringify(send) };
  const content =
    answer === undefined
      ? { mimeType: media ?? "" }
      : { mimeType: media ?? "application/json", text: JSON.stringify(answer) };
  return {
    _resourceType: resource,
    request: {
      method,
      url,
      headers: pairs(headers),
      cookies: pairs(cookies),
      ...(data ? { postData: data } : {}),
    },
    response: { status, headers: [], content },
  };
}

const recording = (...calls: readonly Call[]): object => ({
  log: { version: "1.2", entries: calls.map(entryOf) },
});
const api = "https://api.example.com/v1";
const bearer = { Authorization: "Bearer tok-12345-abcdef", "X-Api-Version": "2024-01-01" };
const open: Connected[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

describe("import har", () => {
  const session = recording(
    { url: "https://app.example.com/", media: "text/html", resource: "document" },
    { url: "https://app.example.com/main.js", media: "application/javascript", resource: "script" },
    { method: "OPTIONS", url: `${api}/users`, status: 204 },
    { method: "POST", url: "https://www.google-analytics.com/g/collect", status: 204 },
    {
      url: `${api}/users?limit=20&cursor=abc`,
      headers: bearer,
      answer: { data: [{ id: 1, name: "A", born: "1990-01-01" }], next_cursor: "x" },
    },
    {
      url: `${api}/users?limit=50`,
      headers: bearer,
      answer: { data: [{ id: 2, name: "B", boss: 1 }], next_cursor: null },
    },
    { url: `${api}/users/42`, headers: bearer, answer: { id: 42, name: "A" } },
    { url: `${api}/users/43`, headers: bearer, answer: { id: 43, name: null } },
    { url: `${api}/users/me`, headers: bearer, answer: { id: 42, name: "A", roles: ["x"] } },
    {
      method: "POST",
      url: `${api}/users`,
      headers: bearer,
      send: { name: "C", address: { city: "Bern" } },
      status: 201,
      answer: { id: 3 },
    },
  );

  it("finds operations by comparing calls, and leaves out what is none", async () => {
    const { descriptor, lost } = await importOne(session);
    expect(descriptor).toMatchObject({
      metadata: { name: "example.com", slug: "example" },
      base_url: "https://api.example.com/v1",
      authentication: [{ type: "bearer" }],
      operations: [
        {
          operation_id: "get_users",
          endpoint: "/users",
          parameters: [
            { name: "limit", field_type: "integer" },
            { name: "cursor", location: "query" },
            { wire_name: "X-Api-Version", default_value: "2024-01-01" },
          ],
          response: { records_path: "$.data" },
          pagination: { type: "cursor", cursor_path: "$.next_cursor", cursor_param: "cursor" },
          response_schema: {
            properties: {
              data: {
                items: {
                  properties: {
                    id: { type: "integer" },
                    name: { type: "string" },
                    born: { type: "string", format: "date" },
                    boss: { type: "number" },
                  },
                },
              },
              next_cursor: { type: ["string", "null"] },
            },
          },
        },
        {
          operation_id: "get_users_by_user_id",
          endpoint: "/users/{user_id}",
          parameters: [{ name: "user_id", field_type: "integer" }, {}],
          response_schema: { properties: { name: { type: ["string", "null"] } } },
        },
        { operation_id: "get_users_me", endpoint: "/users/me" },
        {
          operation_id: "post_users",
          method: "POST",
          parameters: [
            { name: "x_api_version" },
            { name: "name" },
            { name: "address", field_type: "object" },
          ],
        },
      ],
    });
    expect(lost.map(({ message }) => message)).toEqual([
      "Left out of the recording: 2 parts of pages; 1 preflights and methods that no descriptor has; 1 analytics.",
    ]);
  });

  it("calls what was recorded, with the caller's own token", async () => {
    const { text } = await importOne(session);
    const connected = await connectImported(
      text,
      { "GET /v1/users/7": json({ id: 7 }) },
      { credentials: { token: "mine" } },
    );
    open.push(connected);
    expect((await connected.connection.call("get_users_by_user_id", { user_id: 7 })).data).toEqual({ id: 7 });
    expect(connected.server.requests[0]?.headers).toMatchObject({
      authorization: "Bearer mine",
      "x-api-version": "2024-01-01",
    });
  });

  it.each<[string, readonly string[], readonly string[]]>([
    [
      "numbers",
      ["/orders/1", "/orders/2/lines/3"],
      ["/orders/{order_id}", "/orders/{order_id}/lines/{line_id}"],
    ],
    ["one uuid", ["/files/7d444840-9dc0-11d1-b245-5ffdce74fad2"], ["/files/{file_id}"]],
    [
      "hashes and prefixed ids",
      ["/commits/9f86d081884c", "/customers/cus_9s6XKzkNRiz8i3"],
      ["/commits/{commit_id}", "/customers/{customer_id}"],
    ],
    ["addresses", ["/people/anna%40example.com"], ["/people/{person_id}"]],
    ["titles side by side", ["/posts/how-to-cook-rice", "/posts/the-first-day-out"], ["/posts/{post_id}"]],
    [
      "versions and words as they are",
      ["/v2/status", "/oauth2/keys", "/users/me"],
      ["/v2/status", "/oauth2/keys", "/users/me"],
    ],
    ["a slash at the end", ["/items/", "/items/4/"], ["/items/", "/items/{item_id}/"]],
  ])("tells parameters of paths: %s", async (_, paths, endpoints) => {
    const { descriptor } = await importOne(
      recording(...paths.map((path) => ({ url: `https://api.example.com${path}`, answer: { ok: true } }))),
    );
    const found = descriptor.operations?.map((one) => one.endpoint?.replace("people_id", "person_id"));
    expect(found).toEqual(endpoints.map((endpoint) => endpoint));
  });

  it("takes names for a parameter where their answers are of one kind, and keeps them apart where not", async () => {
    const repo = { id: 1, full_name: "x", stars: 3 };
    const names = ["anna", "ben", "carl", "dora"];
    const same = await importOne(
      recording(...names.map((name) => ({ url: `https://api.example.com/repos/${name}`, answer: repo }))),
    );
    expect(same.descriptor.operations?.map((one) => one.endpoint)).toEqual(["/repos/{repo_id}"]);
    const apart = await importOne(
      recording(
        ...["users", "orders", "carts", "items"].map((name) => ({
          url: `https://api.example.com/api/${name}`,
          answer: { data: [{ [`${name}_name`]: 1 }] },
        })),
      ),
    );
    expect(apart.descriptor.operations?.map((one) => one.endpoint)).toEqual([
      "/users",
      "/orders",
      "/carts",
      "/items",
    ]);
  });

  it.each<[string, Call, object]>([
    ["basic", { url: `${api}/a`, headers: { Authorization: "Basic dTpw" } }, { type: "basic" }],
    [
      "a word of its own",
      { url: `${api}/a`, headers: { authorization: "Token 12ab34cd56" } },
      { auth_headers: { Authorization: "Token {authorization}" } },
    ],
    [
      "a key by its name",
      { url: `${api}/a`, headers: { "X-Api-Key": "12ab34cd56" } },
      { auth_headers: { "X-Api-Key": "{x_api_key}" } },
    ],
    [
      "a key of the query",
      { url: `${api}/a?api_key=12ab34cd56&b=1` },
      { auth_query: { api_key: "{api_key}" } },
    ],
    [
      "a session",
      { url: `${api}/a`, cookies: { sid: "12ab34cd56", _ga: "GA1.2.3" } },
      { auth_cookies: { sid: "{sid}" } },
    ],
    [
      "a signature of AWS",
      {
        url: `${api}/a`,
        headers: {
          Authorization:
            "AWS4-HMAC-SHA256 Credential=AK/20240101/eu-west-1/s3/aws4_request, SignedHeaders=host, Signature=00",
        },
      },
      { type: "aws_sigv4", aws_sigv4: { service: "s3", region: "eu-west-1" } },
    ],
  ])("recognises %s", async (_, call, profile) => {
    const { descriptor } = await importOne(recording({ ...call, answer: {} }));
    expect(descriptor.authentication).toMatchObject([profile]);
  });

  it("takes a value that looks like a key, and never changes, for one", async () => {
    const headers = { "X-Client": `q7Zp3kLw9XvB2nT4yHs8${"Rf6Gd1"}` };
    const { descriptor } = await importOne(
      recording({ url: `${api}/a`, headers, answer: {} }, { url: `${api}/b`, headers, answer: {} }),
    );
    expect(descriptor.authentication).toMatchObject([
      { type: "api_key", auth_headers: { "X-Client": "{x_client}" } },
    ]);
  });

  it("makes OAuth of the call that gave the token, and tells of a login that could be a chain", async () => {
    const token = "tok-98765-zyxwv";
    const use = { url: `${api}/a`, headers: { Authorization: `Bearer ${token}` }, answer: {} };
    const oauth = await importOne(
      recording(
        {
          method: "POST",
          url: "https://id.example.com/token",
          form: "grant_type=client_credentials&client_id=x&client_secret=y&scope=read",
          answer: { access_token: token },
        },
        use,
      ),
    );
    expect(oauth.descriptor.authentication).toMatchObject([
      {
        type: "oauth2_client_credentials",
        oauth: { token_url: "https://id.example.com/token", default_scopes: ["read"] },
      },
    ]);
    expect(oauth.descriptor.operations?.map((one) => one.endpoint)).toEqual(["/a"]);
    const login = await importOne(
      recording(
        { method: "POST", url: `${api}/login`, send: { user: "u", password: "pw" }, answer: { token } },
        use,
      ),
    );
    expect(login.text.replace(/\n\s*# /g, " ")).toContain(
      "The token comes from the answer of POST /v1/login ($.token)",
    );
  });

  it("parts calls of GraphQL by their names", async () => {
    const ask = (operationName: string, query: string, variables: object): Call => ({
      method: "POST",
      url: `${api}/graphql`,
      send: { operationName, query, variables },
      answer: { data: {} },
    });
    const { descriptor } = await importOne(
      recording(
        ask("Me", "query Me { me { id } }", {}),
        ask("Add", "mutation Add($n: Int!) { add(n: $n) { id } }", { n: 3 }),
      ),
    );
    expect(descriptor.operations).toMatchObject([
      { operation_id: "me", side_effecting: false, body: { operationName: "Me" } },
      {
        operation_id: "add",
        parameters: [{ name: "n", location: "body" }],
        body: { variables: { n: "{n}" } },
      },
    ]);
  });

  it("makes a connector of each owner's hosts, and selects by host and path", async () => {
    const both = recording(
      { url: `${api}/a`, answer: {} },
      { url: "https://upload.example.com/b", answer: {} },
      { url: "https://other.test/c", answer: {} },
    );
    const all = await importText(both);
    expect(
      all.descriptors.map(({ metadata, operations }) => [
        metadata.slug,
        operations?.map((one) => one.endpoint),
      ]),
    ).toEqual([
      ["example", ["/a", "https://upload.example.com/b"]],
      ["other", ["/c"]],
    ]);
    expect(
      (await importText(both, { select: ["other.test"] })).descriptors.map(({ metadata }) => metadata.slug),
    ).toEqual(["other"]);
    expect(
      (await importText(both, { select: ["/a"] })).descriptors.map(({ metadata }) => metadata.slug),
    ).toEqual(["example"]);
    await expect(importText(both, { select: ["/zzz"] })).rejects.toThrow("matches none of the calls");
  });

  it("says what a recording without calls holds", async () => {
    await expect(importText(recording({ url: "https://a.test/x.png", resource: "image" }))).rejects.toThrow(
      "holds no call of an API: 1 parts of pages",
    );
  });
});
