import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type ImportedConnector, importDocument } from "../../../compiler/import/import.ts";
import type { Descriptor, Operation } from "../../../schema/descriptor.ts";
import { compileImported } from "./openapi/imported.ts";

type Files = Readonly<Record<string, string>>;

async function imported(document: object | string, files: Files = {}): Promise<ImportedConnector> {
  const { connectors } = await importDocument({
    name: "api.yaml",
    bytes: typeof document === "string" ? document : JSON.stringify(document),
    select: [],
    mcp: [],
    host: {
      readText: async (file) => {
        const text = files[file];
        return text === undefined ? { problem: `there is no ${file}` } : { text };
      },
    },
  });
  const [connector] = connectors;
  if (!connector) throw new Error("nothing was imported");
  const { diagnostics } = await compileImported(connector);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return connector;
}

function dataOf({ files }: ImportedConnector): Descriptor {
  return parse(files[0]?.text ?? "");
}

interface Parts {
  readonly path?: string;
  readonly method?: string;
  readonly operation?: object;
  readonly schemes?: object;
  readonly schemas?: object;
  readonly rest?: object;
}

function api({ path = "/things", method = "get", operation = {}, schemes, schemas, rest }: Parts): object {
  return {
    openapi: "3.0.3",
    info: { title: "Thing Shop", version: "1" },
    servers: [{ url: "https://things.example.com/api" }],
    paths: {
      [path]: { [method]: { operationId: "doThing", summary: "Do it", responses: {}, ...operation } },
    },
    components: { ...(schemes ? { securitySchemes: schemes } : {}), ...(schemas ? { schemas } : {}) },
    ...rest,
  };
}

async function operationOf(parts: Parts): Promise<Operation> {
  const [operation] = dataOf(await imported(api(parts))).operations ?? [];
  if (!operation) throw new Error("no operation");
  return operation;
}

describe("OpenAPI parameters", () => {
  const parameter = async (one: object): Promise<object | undefined> =>
    (await operationOf({ operation: { parameters: [{ name: "x", in: "query", ...one }] } })).parameters?.[0];

  it.each([
    [{ schema: { type: "string" } }, { name: "x", location: "query" }],
    [
      { name: "page[size]", schema: { type: "integer", maximum: 9 } },
      {
        name: "page_size",
        location: "query",
        wire_name: "page[size]",
        field_type: "integer",
        schema: { maximum: 9 },
      },
    ],
    [
      { explode: false, schema: { type: "array", items: { type: "string" } } },
      {
        name: "x",
        location: "query",
        field_type: "array",
        explode: false,
        schema: { items: { type: "string" } },
      },
    ],
    [
      { style: "deepObject", schema: { type: "object" } },
      { name: "x", location: "query", field_type: "object", style: "deepObject" },
    ],
    [
      { style: "pipeDelimited", explode: false, schema: { type: "array", items: {} } },
      { name: "x", location: "query", field_type: "array", style: "pipeDelimited", schema: { items: {} } },
    ],
    [
      { schema: { type: "string", format: "date-time" } },
      { name: "x", location: "query", field_type: "datetime" },
    ],
    [
      { in: "cookie", schema: { type: "boolean" } },
      { name: "x", location: "cookie", field_type: "boolean" },
    ],
    [
      { required: true, schema: { type: "integer", default: 5 } },
      { name: "x", location: "query", required: true, field_type: "integer", default_value: 5 },
    ],
    [
      { schema: { type: "integer", default: 5 } },
      { name: "x", location: "query", field_type: "integer", schema: { default: 5 } },
    ],
    [
      { schema: { type: "number", minimum: 0, exclusiveMinimum: true, nullable: true } },
      { name: "x", location: "query", field_type: "number", schema: { exclusiveMinimum: 0 } },
    ],
    [
      { schema: { oneOf: [{ type: "string" }, { type: "integer" }] } },
      {
        name: "x",
        location: "query",
        field_type: "json",
        schema: { oneOf: [{ type: "string" }, { type: "integer" }] },
      },
    ],
  ])("%j", async (given, expected) => {
    expect(await parameter(given)).toEqual(expected);
  });

  it("writes a parameter with content as JSON text, once", async () => {
    const content = { "application/json": { schema: { type: "object" } } };
    const operation = await operationOf({
      operation: { parameters: [{ name: "filter", in: "query", content }] },
    });
    expect(operation.query).toEqual({ filter: "{json({params.filter})}" });
  });

  it("leaves out what is the connection's own or the profile's, and declares holes that nothing declares", async () => {
    const connector = await imported(
      api({
        path: "/things/{thing-id}",
        schemes: { key: { type: "apiKey", in: "header", name: "X-Key" } },
        rest: { security: [{ key: [] }] },
        operation: {
          parameters: [
            { name: "Content-Length", in: "header", schema: { type: "integer" } },
            { name: "x-key", in: "header", schema: { type: "string" } },
            { name: "gone", in: "path", required: true, schema: { type: "string" } },
          ],
        },
      }),
    );
    const [operation] = dataOf(connector).operations ?? [];
    expect(operation).toMatchObject({
      endpoint: "/things/{thing_id}",
      parameters: [{ name: "thing_id", location: "path", required: true, wire_name: "thing-id" }],
    });
    expect(connector.lost.map(({ at }) => at)).toEqual([
      "/paths/~1things~1{thing-id}/get/parameters/0",
      "/paths/~1things~1{thing-id}/get/parameters/2",
    ]);
  });
});

describe("OpenAPI bodies", () => {
  const body = (content: object, schemas: object = {}): Promise<Operation> =>
    operationOf({ method: "post", operation: { requestBody: { required: true, content } }, schemas });

  it("makes a parameter of each field, and leaves out what only the server writes", async () => {
    const schema = {
      allOf: [
        { $ref: "#/components/schemas/Base" },
        { required: ["name"], properties: { name: { type: "string" } } },
      ],
    };
    const schemas = {
      Base: { type: "object", required: ["id"], properties: { id: { type: "integer", readOnly: true } } },
    };
    const operation = await body({ "application/json": { schema } }, schemas);
    expect(operation.parameters).toEqual([{ name: "name", location: "body", required: true }]);
    expect(operation.content_type).toBeUndefined();
  });

  it("takes a body that is no map of fields as one parameter", async () => {
    const operation = await body({
      "application/json": { schema: { type: "array", items: { type: "string" } } },
    });
    expect(operation).toMatchObject({
      body: "{body}",
      content_type: "json",
      parameters: [{ name: "body", location: "body", required: true, field_type: "array" }],
    });
  });

  it("asks in requests for nothing that only the server writes, also in shared schemas", async () => {
    const schemas = {
      Pet: {
        type: "object",
        required: ["id", "name"],
        properties: { id: { type: "integer", readOnly: true }, name: { type: "string" } },
      },
    };
    const schema = { type: "array", items: { $ref: "#/components/schemas/Pet" } };
    const responses = { "200": { description: "ok", content: { "application/json": { schema } } } };
    const connector = await imported(
      api({
        method: "post",
        schemas,
        operation: { requestBody: { content: { "application/json": { schema } } }, responses },
      }),
    );
    expect(dataOf(connector).schemas).toMatchObject({
      Pet: { required: ["id", "name"] },
      PetInput: { required: ["name"] },
    });
  });

  it.each([
    [
      "application/x-www-form-urlencoded",
      { type: "object", properties: { a: { type: "string" } } },
      "form",
      "string",
    ],
    [
      "multipart/form-data",
      { type: "object", properties: { a: { type: "string", format: "binary" } } },
      "multipart",
      "file",
    ],
    ["application/octet-stream", { type: "string", format: "binary" }, "octet-stream", "file"],
    ["text/plain", { type: "string" }, "text/plain", "string"],
    [
      "application/vnd.api+json",
      { type: "object", properties: { a: {} } },
      "application/vnd.api+json",
      "json",
    ],
  ])("%s", async (mediaType, schema, contentType, fieldType) => {
    const operation = await body({ [mediaType]: { schema } });
    expect(operation.content_type).toBe(contentType);
    expect(operation.parameters?.[0]?.field_type ?? "string").toBe(fieldType);
  });

  it("tells of the media types that it does not take", async () => {
    const schema = { type: "object", properties: { a: { type: "string" } } };
    const connector = await imported(
      api({
        method: "post",
        operation: {
          requestBody: { content: { "application/xml": { schema }, "application/json": { schema } } },
        },
      }),
    );
    expect(connector.lost).toEqual([
      { at: "/paths/~1things/post/requestBody", message: "The body may also be application/xml." },
    ]);
  });
});

describe("OpenAPI security", () => {
  const schemes = {
    key: { type: "apiKey", in: "query", name: "api_key" },
    basic: { type: "http", scheme: "basic" },
    flows: {
      type: "oauth2",
      flows: {
        authorizationCode: {
          authorizationUrl: "https://login.example.com/a",
          tokenUrl: "https://login.example.com/t",
          scopes: { read: "" },
        },
        clientCredentials: { tokenUrl: "/token", scopes: {} },
      },
    },
  };

  it("offers alternatives in their order, and none last", async () => {
    const connector = await imported(
      api({ schemes, operation: { security: [{}, { basic: [] }, { key: [] }] } }),
    );
    const { operations, authentication } = dataOf(connector);
    expect(operations?.[0]?.auth_type_ref).toEqual(["basic", "key", "none"]);
    expect(authentication).toMatchObject([
      { type: "basic" },
      { profile_id: "key", auth_query: { api_key: "{key}" } },
      { type: "none" },
    ]);
  });

  it("makes one profile of what is needed together", async () => {
    const { authentication } = dataOf(
      await imported(api({ schemes, operation: { security: [{ key: [], basic: [] }] } })),
    );
    expect(authentication).toEqual([
      {
        type: "basic",
        profile_id: "key_and_basic",
        fields: [
          { key: "username", label: "User name" },
          { key: "password", label: "Password", field_type: "password" },
          { key: "key", label: "API key (api_key)", field_type: "secret" },
        ],
        auth_headers: { Authorization: "Basic {base64({username}:{password})}" },
        auth_query: { api_key: "{key}" },
      },
    ]);
  });

  it("makes a profile of each flow; a relative address counts from the server", async () => {
    const { authentication } = dataOf(
      await imported(api({ schemes, operation: { security: [{ flows: ["read"] }] } })),
    );
    expect(authentication).toMatchObject([
      {
        profile_id: "flows_authorization_code",
        oauth: { authorize_url: "https://login.example.com/a", scopes: ["read"] },
      },
      { profile_id: "flows_client_credentials", oauth: { token_url: "https://things.example.com/token" } },
    ]);
  });

  it("offers declared schemes where the document asks for none", async () => {
    const connector = await imported(api({ schemes: { basic: schemes.basic } }));
    expect(dataOf(connector).operations?.[0]?.auth_type_ref).toEqual(["basic", "none"]);
    expect(connector.files[0]?.text).toContain("# The document does not say which operations need this");
  });
});

describe("OpenAPI servers", () => {
  const base = async (
    servers: readonly object[],
  ): Promise<Pick<Descriptor, "base_url" | "connection_config">> => {
    const { base_url, connection_config } = dataOf(await imported(api({ rest: { servers } })));
    return {
      ...(base_url === undefined ? {} : { base_url }),
      ...(connection_config ? { connection_config } : {}),
    };
  };

  it.each([
    [[{ url: "https://x.example.com/" }], { base_url: "https://x.example.com" }],
    [
      [
        {
          url: "https://{site}.example.com/{v}",
          variables: { site: { default: "eu", enum: ["eu", "us"] }, v: { default: "v2" } },
        },
      ],
      {
        base_url: "https://{site}.example.com/{v}",
        connection_config: [
          { key: "site", default_value: "eu", enum: ["eu", "us"] },
          { key: "v", default_value: "v2" },
        ],
      },
    ],
    [
      [{ url: "https://a.example.com" }, { url: "https://b.example.com", description: "Sandbox" }],
      {
        base_url: "{base_url}",
        connection_config: [
          {
            key: "base_url",
            label: "Server",
            default_value: "https://a.example.com",
            enum: ["https://a.example.com", "https://b.example.com"],
            description: "https://b.example.com: Sandbox",
          },
        ],
      },
    ],
    [[{ url: "http://old.example.com" }], { base_url: "https://old.example.com" }],
  ])("%j", async (servers, expected) => {
    expect(await base(servers)).toEqual(expected);
  });

  it("asks for the address where the document names none", async () => {
    expect(await base([{ url: "/v1" }])).toMatchObject({
      base_url: "{base_url}/v1",
      connection_config: [{ key: "base_url", format: "uri" }],
    });
  });
});

describe("OpenAPI pagination", () => {
  const list = async (parameters: readonly string[], properties: object, headers = {}): Promise<Operation> =>
    operationOf({
      operation: {
        parameters: parameters.map((name) => ({
          name,
          in: "query",
          schema: { type: /limit|page$|offset/.test(name) ? "integer" : "string" },
        })),
        responses: {
          "200": {
            description: "",
            headers,
            content: { "application/json": { schema: { type: "object", properties } } },
          },
        },
      },
    });
  const data = { type: "array", items: { type: "object", properties: { id: { type: "string" } } } };

  it.each([
    [
      ["cursor", "limit"],
      { data, next_cursor: { type: "string" } },
      { type: "cursor", cursor_path: "$.next_cursor", cursor_param: "cursor", limit_param: "limit" },
    ],
    [
      ["starting_after"],
      { data, has_more: { type: "boolean" } },
      {
        type: "cursor",
        cursor_from_record: "id",
        cursor_param: "starting_after",
        has_more_path: "$.has_more",
      },
    ],
    [
      ["page"],
      { data, meta: { type: "object", properties: { total: { type: "integer" } } } },
      { type: "page", page_param: "page", total_path: "$.meta.total" },
    ],
    [["offset", "limit"], { data }, { type: "offset", offset_param: "offset", limit_param: "limit" }],
    [
      ["limit"],
      { data, next: { type: "string", format: "uri" } },
      { type: "cursor", next_url_path: "$.next", limit_param: "limit" },
    ],
  ])("by %j", async (parameters, properties, expected) => {
    const operation = await list(parameters, properties);
    expect(operation.pagination).toEqual(expected);
    expect(operation.response).toEqual({ records_path: "$.data" });
  });

  it("by a Link header", async () => {
    expect((await list(["page"], { data }, { Link: {} })).pagination).toEqual({ type: "link_header" });
  });

  it("is not guessed where no list stands out, and is explained where it is", async () => {
    expect((await list(["cursor"], { next_cursor: { type: "string" } })).pagination).toBeUndefined();
    const schema = { type: "object", properties: { data, next_cursor: { type: "string" } } };
    const parameters = [{ name: "cursor", in: "query", schema: { type: "string" } }];
    const responses = { "200": { description: "", content: { "application/json": { schema } } } };
    const { files } = await imported(api({ operation: { parameters, responses } }));
    expect(files[0]?.text).toContain("# The answer has $.next_cursor, which the parameter cursor takes.");
  });
});

describe("OpenAPI, the rest", () => {
  it("reads Swagger 2.0: forms, lists, shared parameters and answers", async () => {
    const [operation] =
      dataOf(
        await imported({
          swagger: "2.0",
          info: { title: "Old Shop", version: "1" },
          host: "old.example.com",
          basePath: "/v1",
          schemes: ["http", "https"],
          paths: {
            "/a": {
              post: {
                consumes: ["application/x-www-form-urlencoded"],
                parameters: [
                  { $ref: "#/parameters/ids" },
                  { name: "title", in: "formData", type: "string", required: true },
                  {
                    name: "tags",
                    in: "query",
                    type: "array",
                    items: { type: "string" },
                    collectionFormat: "multi",
                  },
                ],
                responses: { "200": { description: "", schema: { $ref: "#/definitions/A" } } },
              },
            },
          },
          parameters: { ids: { name: "ids", in: "query", type: "array", items: { type: "integer" } } },
          definitions: { A: { type: "object", properties: { n: { type: "integer" } } } },
        }),
      ).operations ?? [];
    expect(operation).toMatchObject({
      operation_id: "post_a",
      content_type: "form",
      parameters: [
        { name: "ids", field_type: "array", explode: false },
        { name: "tags", field_type: "array" },
        { name: "title", location: "body", required: true },
      ],
      response_schema: { $ref: "#/schemas/A" },
    });
  });

  it("gives operations ids that stay the same in any order of the document", async () => {
    const get = (operationId?: string): object => ({
      get: { summary: "x", responses: {}, ...(operationId ? { operationId } : {}) },
    });
    const paths = {
      "/b/{id}": get("Get Thing"),
      "/c": get("getThing"),
      "/d/{x}/e": get(),
      "/f": get("repos/list-all"),
    };
    const ids = async (order: object): Promise<unknown> =>
      dataOf(await imported(api({ rest: { paths: order } })))
        .operations?.map((one) => one.operation_id)
        .sort();
    const expected = ["get_d_by_x_e", "get_thing_get_b_by_id", "get_thing_get_c", "repos_list_all"];
    expect(await ids(paths)).toEqual(expected);
    expect(await ids(Object.fromEntries(Object.entries(paths).reverse()))).toEqual(expected);
  });

  it("follows references into files below the root, and to nowhere else", async () => {
    const responses = {
      "200": {
        description: "",
        content: { "application/json": { schema: { $ref: "schemas/pet.json#/Pet" } } },
      },
      "201": {
        description: "",
        content: { "application/json": { schema: { $ref: "https://foreign.test/x.json" } } },
      },
      "202": { description: "", content: { "application/json": { schema: { $ref: "../../secret.json" } } } },
    };
    const pet = { Pet: { type: "object", properties: { owner: { $ref: "owner.json" } } } };
    const connector = await imported(api({ operation: { responses } }), {
      "schemas/pet.json": JSON.stringify(pet),
      "schemas/owner.json": '{ "type": "object", "properties": { "pet": { "$ref": "pet.json#/Pet" } } }',
    });
    expect(dataOf(connector).schemas).toEqual({
      Pet: { type: "object", properties: { owner: { $ref: "#/schemas/owner" } } },
      owner: { type: "object", properties: { pet: { $ref: "#/schemas/Pet" } } },
    });
    expect(connector.lost.map(({ at }) => at)).toEqual(
      expect.arrayContaining(["https://foreign.test/x.json", "../../secret.json"]),
    );
  });

  it("takes texts in examples, defaults and enums for data", async () => {
    const schema = {
      type: "string",
      enum: ["a", "b"],
      default: "a",
      example: { $ref: "https://foreign.test/" },
    };
    const connector = await imported(
      api({
        operation: { parameters: [{ name: "x", in: "query", schema, example: { $ref: "gone.json" } }] },
      }),
    );
    expect(connector.lost).toEqual([]);
  });

  it.each([
    [
      "reserved characters in a value",
      { operation: { parameters: [{ name: "x", in: "query", allowReserved: true, schema: {} }] } },
      "/paths/~1things/get/parameters/0",
      "allowReserved",
    ],
    [
      "what binds the fields of a form",
      {
        method: "post",
        operation: {
          requestBody: {
            content: {
              "multipart/form-data": {
                schema: {
                  properties: { a: {}, b: {} },
                  minProperties: 1,
                  anyOf: [{ required: ["a"] }, { required: ["b"] }],
                },
              },
            },
          },
        },
      },
      "/paths/~1things/post/requestBody",
      "not checked: minProperties, anyOf",
    ],
    [
      "whole examples",
      {
        operation: {
          responses: { "200": { description: "", content: { "application/json": { example: { a: 1 } } } } },
        },
      },
      "/paths",
      "1 of 1 operations have some",
    ],
  ])("tells of %s", async (_, parts, at, message) => {
    const { lost } = await imported(api(parts));
    expect(lost).toEqual([{ at, message: expect.stringContaining(message) }]);
  });

  it("gives an operation another id where its own is no name", async () => {
    expect(await operationOf({ operation: { operationId: "constructor" } })).toMatchObject({
      operation_id: "get_things",
      "x-openapi-operation-id": "constructor",
    });
  });

  it("gives the idempotency header to the runtime", async () => {
    const parameters = [{ name: "Idempotency-Key", in: "header", schema: { type: "string" } }];
    expect(await operationOf({ method: "post", operation: { parameters } })).toMatchObject({
      idempotency: { header: "Idempotency-Key" },
    });
  });
});

describe("hostile OpenAPI documents", () => {
  it("keeps the rest where one schema is none, a default is wrong, a name is forbidden", async () => {
    const schemas = {
      Bad: {
        type: "nonsense",
        required: true,
        properties: { a: 5, b: { type: "array", items: [1] } },
        pattern: "(",
      },
    };
    const parameters = [
      { name: "constructor", in: "query", schema: { type: "integer", default: "many" } },
      { name: "__proto__", in: "query", schema: { enum: [] } },
    ];
    const schema = { $ref: "#/components/schemas/Bad" };
    const responses = { "200": { description: "", content: { "application/json": { schema } } } };
    const connector = await imported(api({ schemas, operation: { parameters, responses } }));
    expect(connector.operations).toEqual({ found: 1, carried: 1 });
    expect(connector.lost.length).toBeGreaterThan(0);
  });

  it("keeps a property that is called as YAML 1.1 merges maps", async () => {
    const schema = { type: "object", properties: { "<<": { type: "string" }, a: {} } };
    const responses = { "200": { description: "", content: { "application/json": { schema } } } };
    expect((await operationOf({ operation: { responses } })).response_schema).toEqual(schema);
  });

  it("ends circles of references", async () => {
    const schemas = {
      A: { $ref: "#/components/schemas/B" },
      B: { $ref: "#/components/schemas/A" },
      Tree: {
        type: "object",
        properties: {
          up: { $ref: "#/components/schemas/Tree" },
          all: { allOf: [{ $ref: "#/components/schemas/Tree" }] },
        },
      },
    };
    const content = (name: string): object => ({
      "application/json": { schema: { $ref: `#/components/schemas/${name}` } },
    });
    const operation = {
      requestBody: { content: content("A") },
      responses: { "200": { description: "", content: content("Tree") } },
    };
    const connector = await imported(api({ method: "post", schemas, operation }));
    expect(dataOf(connector).schemas).toMatchObject({
      Tree: { properties: { up: { $ref: "#/schemas/Tree" } } },
    });
  });

  it("lets no text of the source add a key, a comment's directive or a line", async () => {
    const evil =
      "x\nauthentication: []\n# connector-ignore-file secret/literal\r\n\u2028key: 'y' # z\n- a: \"b\" {c} \u202e\u0007";
    const connector = await imported(
      api({
        operation: {
          summary: evil,
          description: evil,
          tags: [evil],
          parameters: [
            {
              name: "q",
              in: "query",
              description: evil,
              schema: { type: "string", enum: [evil], description: evil },
            },
          ],
          callbacks: { [evil]: {} },
        },
        rest: { info: { title: evil, version: evil, description: evil } },
      }),
    );
    const text = connector.files[0]?.text ?? "";
    expect(Object.keys(dataOf(connector))).toEqual(["metadata", "base_url", "authentication", "operations"]);
    const comments = text.split("\n").filter((line) => line.trimStart().startsWith("#"));
    expect(comments.join("\n")).toContain("Callbacks are not carried over");
    expect(comments.join("\n")).not.toContain("connector-ignore");
    expect(text).not.toMatch(/[\u202e\u0007\u2028]/);
    expect(dataOf(connector).operations?.[0]?.parameters?.[0]?.schema).toMatchObject({ enum: [evil] });
  });

  it.each([
    ["bytes that are no UTF-8", new Uint8Array([0x6f, 0x70, 0xff, 0xfe, 0x00]), "not UTF-8"],
    ["a document past the limit", new Uint8Array(33 * 1024 * 1024).fill(0x20), "larger than 32 MiB"],
    ["nothing", "", "it is empty"],
    ["nesting without end", `${"[".repeat(5000)}${"]".repeat(5000)}`, "nested past"],
    [
      "a YAML bomb",
      `openapi: 3.0.0\na: &a [x,x,x,x,x,x,x,x,x]\n${"bcdefgh"
        .split("")
        .map((key, index) => `${key}: &${key} [${Array(9).fill(`*${"abcdefg"[index]}`)}]`)
        .join("\n")}\n`,
      "too much",
    ],
    [
      "JSON with a comment",
      '{ "servers": [// ours\n] }',
      "it has a comment (line 1, column 15), and JSON has none",
    ],
    ["JSON that ends too early", '{ "openapi": "3.0.0", "info": { "title', "no valid JSON"],
    ["no paths", { openapi: "3.1.0", info: {} }, "no operation"],
  ])("answers %s with a sentence", async (_, bytes, sentence) => {
    const source = typeof bytes === "string" || bytes instanceof Uint8Array ? bytes : JSON.stringify(bytes);
    await expect(
      importDocument({ name: "api.yaml", format: "openapi", bytes: source, select: [], mcp: [] }),
    ).rejects.toThrow(sentence);
  });
});
