/** What real documents write and the specification does not: each is carried over, and nothing but itself is lost. */
import { describe, expect, it } from "vitest";
import type { Operation } from "../../../../schema/descriptor.ts";
import { importOne } from "../import-text.ts";

const paths = { "/pets": { get: { operationId: "list", responses: {} } } };
const document = {
  openapi: "3.0.3",
  info: { title: "Pet Shop", version: "1" },
  servers: [{ url: "https://pets.example.com/v1" }],
  paths,
};

async function addressOf(
  servers: readonly object[],
): Promise<{ url: string; settings: unknown; text: string }> {
  const { descriptor, text } = await importOne({ ...document, servers });
  return { url: descriptor.base_url ?? "", settings: descriptor.connection_config ?? [], text };
}

async function operationsOf(items: object, rest: object = {}): Promise<readonly Operation[]> {
  const { descriptor } = await importOne({ ...document, ...rest, paths: items });
  return descriptor.operations ?? [];
}

const inPath = (name: string): object => ({ name, in: "path", required: true, schema: { type: "string" } });

describe("addresses of servers", () => {
  it.each([
    ["a host without a scheme", "pets.example.com/v1", "https://pets.example.com/v1"],
    ["a socket", "wss://pets.example.com/v1", "https://pets.example.com/v1"],
    ["a path from here", "./v1", "{base_url}/v1"],
    ["a path up from here", "../v1/", "{base_url}/v1"],
    ["a dot at the end of the host", "https://pets.example.com./v1", "https://pets.example.com/v1"],
    ["a dot among the segments", "https://pets.example.com/./v1", "https://pets.example.com/v1"],
    ["the port of http", "http://pets.example.com:80/v1", "https://pets.example.com/v1"],
    ["a host that is none", "https://$(host)/v1", "{base_url}"],
    ["blanks", "https://pets.example.com/<your id>/v1", "{base_url}"],
    ["a wildcard", "https://*.example.com", "{base_url}"],
    ["a port that is none", "https://pets.example.com:99999", "{base_url}"],
    ["no host", "https:///v1", "{base_url}"],
    ["another protocol", "unix:///var/run/pets.sock", "{base_url}"],
  ])("%s", async (_name, url, expected) => {
    expect((await addressOf([{ url }])).url).toBe(expected);
  });

  it("a password in one is not written", async () => {
    const { url, text } = await addressOf([
      { url: "https://someone:pass-word@pets.example.com/v1" },
      { url: "https://someone:pass-word@{region}.example.com" },
    ]);
    expect(url).toBe("https://pets.example.com/v1");
    expect(text).not.toContain("pass-word");
  });

  it("variables that bring more than a host, or the slash before a path", async () => {
    const host = { default: "pets.example.com/shop/v1" };
    const whole = await addressOf([{ url: "http://{host}", variables: { host } }]);
    expect(whole).toMatchObject({
      url: "https://{host}/shop/v1",
      settings: [{ key: "host", default_value: "pets.example.com" }],
    });
    const path = { default: "/shop/v1" };
    const behind = await addressOf([{ url: "https://pets.example.com{path}", variables: { path } }]);
    expect(behind).toMatchObject({
      url: "https://pets.example.com/{path({path})}",
      settings: [{ key: "path", default_value: "shop/v1" }],
    });
  });

  it("one that can be called goes before those of a machine's own, and before paths", async () => {
    const servers = [{ url: "/" }, { url: "http://localhost:8080" }, { url: "https://{region}.example.com" }];
    expect((await addressOf(servers)).url).toBe("https://{region}.example.com");
  });

  it.each([
    [{ host: "https://pets.example.com/", basePath: "v1" }, "https://pets.example.com/v1"],
    [{ host: "pets.example.com", basePath: "https://pets.example.com/v2" }, "https://pets.example.com/v2"],
    [{ host: "", basePath: "/v1" }, "{base_url}/v1"],
  ])("of Swagger 2: %o", async (parts, expected) => {
    const { descriptor } = await importOne({ swagger: "2.0", info: document.info, ...parts, paths });
    expect(descriptor.base_url).toBe(expected);
  });

  it("of one operation that cannot be said is told", async () => {
    const { lost } = await importOne({
      ...document,
      paths: { "/pets": { get: { servers: [{ url: "/upload" }], responses: {} } } },
    });
    expect(lost.map(({ message }) => message)).toEqual([
      "The server of this operation alone is not carried over: it is called below `base_url`.",
    ]);
  });
});

describe("paths", () => {
  it("holes of a query are parameters of it, and the rest of the query stays", async () => {
    const [operation] = await operationsOf({
      "/pets/{id}?kind={k}&fixed=1&owner={owner}": { get: { parameters: [inPath("id"), inPath("k")] } },
    });
    expect(operation).toMatchObject({
      endpoint: "/pets/{id}?fixed=1",
      parameters: [
        { name: "id", location: "path", required: true },
        { name: "kind", location: "query", required: true },
        { name: "owner", location: "query", required: true },
      ],
    });
  });

  it("holes of URI templates and of Mustache", async () => {
    const [whole, rest, mustache] = await operationsOf({
      "/v1/{+resource}": { get: { parameters: [inPath("resource")] } },
      "/v2/{rest*}": { get: { parameters: [inPath("rest")] } },
      "/v3/{{id}}": { get: { parameters: [inPath("id")] } },
    });
    expect(whole?.endpoint).toBe("/v1/{path({params.resource})}");
    expect(rest?.endpoint).toBe("/v2/{path({params.rest})}");
    expect(mustache?.endpoint).toBe("/v3/{id}");
  });

  it("two slashes at the beginning are one", async () => {
    expect((await operationsOf({ "//pets": { get: {} } }))[0]?.endpoint).toBe("/pets");
  });
});

describe("names and versions", () => {
  it("a version without quotes is a number", async () => {
    const text = "openapi: 3.1\ninfo: { title: Pet Shop }\npaths: { /pets: { get: { responses: {} } } }\n";
    expect((await importOne(text)).descriptor.metadata.slug).toBe("pet-shop");
  });

  it("a title of one sign beyond the basic plane", async () => {
    const { descriptor } = await importOne({ ...document, info: { title: "😀 API", version: "1" } });
    expect(descriptor.metadata).toMatchObject({ name: "😀 API", publisher: "😀 API" });
  });

  it("names of JavaScript's own are left out, not sent under another name", async () => {
    const { descriptor, lost } = await importOne({
      ...document,
      paths: {
        "/pets": {
          post: {
            parameters: [{ name: "constructor", in: "query", schema: { type: "string" } }],
            requestBody: {
              content: {
                "application/json": {
                  schema: {
                    type: "object",
                    properties: { prototype: { type: "string" }, name: { type: "string" } },
                  },
                },
              },
            },
          },
        },
      },
    });
    expect(descriptor.operations?.[0]?.parameters).toEqual([{ name: "name", location: "body" }]);
    expect(lost.map(({ message }) => message)).toEqual([
      "A descriptor has no names such as this one: the parameter is left out.",
      "A descriptor has no names such as this one: the parameter is left out.",
    ]);
  });
});

it("merge keys of YAML 1.1 are read: a map's own keys win, then the first of the merged ones", async () => {
  const { descriptor, lost } = await importOne(`openapi: 3.0.3
info: { title: Pet Shop, version: "1" }
servers: [{ url: "https://pets.example.com" }]
x-page: &page { type: object, properties: { next: { type: string } } }
x-other: &other { type: array, description: Other, maxItems: 7 }
paths:
  /pets:
    get:
      responses:
        "200":
          description: ok
          content: { application/json: { schema: { description: Own, <<: [*page, *other] } } }
    post:
      responses: {}
      "<<": a key in quotes is one like any other
`);
  expect(descriptor.operations?.[0]?.response_schema).toEqual({
    description: "Own",
    type: "object",
    properties: { next: { type: "string" } },
    maxItems: 7,
  });
  expect(lost).toEqual([]);
});

it("what is deprecated of a call stays so: a parameter, one by its schema, a field of the body", async () => {
  const deprecated = true;
  const [operation] = await operationsOf({
    "/pets": {
      post: {
        parameters: [
          { name: "by", in: "query", deprecated, schema: { type: "string", maxLength: 9 } },
          { name: "at", in: "query", schema: { type: "integer", deprecated } },
          { name: "up", in: "query", deprecated: false, schema: { type: "string", deprecated: false } },
        ],
        requestBody: {
          content: {
            "application/json": {
              schema: { type: "object", properties: { tag: { type: "string", deprecated } } },
            },
          },
        },
      },
    },
  });
  expect(operation?.parameters).toEqual([
    { name: "by", location: "query", schema: { maxLength: 9, deprecated } },
    { name: "at", location: "query", field_type: "integer", schema: { deprecated } },
    { name: "up", location: "query" },
    { name: "tag", location: "body", schema: { deprecated } },
  ]);
});

describe("schemas", () => {
  it("a null that is also nullable, and fields that ask for others", async () => {
    const [operation] = await operationsOf({
      "/pets": {
        get: {
          responses: {
            200: {
              content: {
                "application/json": {
                  schema: {
                    type: "object",
                    properties: { none: { type: "null", nullable: true }, a: { type: "string" } },
                    dependentRequired: { a: ["none"] },
                  },
                },
              },
            },
          },
        },
      },
    });
    expect(operation?.response_schema).toEqual({
      type: "object",
      properties: { none: { type: "null" }, a: { type: "string" } },
      dependentRequired: { a: ["none"] },
    });
  });
});

describe("security", () => {
  const code = {
    authorizationUrl: "https://pets.example.com/authorize",
    tokenUrl: "https://pets.example.com/token",
    refreshUrl: "https://pets.example.com/refresh",
    scopes: {},
  };
  const oauth = { type: "oauth2", flows: { authorizationCode: code } };

  it("two schemes of one header: the weightier is asked for alone", async () => {
    const { descriptor, lost } = await importOne({
      ...document,
      security: [{ implicit: [], code: [] }],
      components: {
        securitySchemes: { implicit: { type: "http", scheme: "bearer" }, code: oauth },
      },
    });
    expect(descriptor.authentication).toEqual([
      {
        type: "oauth2_authorization_code",
        profile_id: "implicit_and_code",
        oauth: {
          authorize_url: code.authorizationUrl,
          token_url: code.tokenUrl,
          refresh_url: code.refreshUrl,
        },
      },
    ]);
    expect(lost.map(({ message }) => message)).toContain(
      "implicit and code want Authorization both: one of them is left out.",
    );
  });
});
