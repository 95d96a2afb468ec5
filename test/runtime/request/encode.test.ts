import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { json } from "../../../runtime/testing/index.ts";
import { descriptor, type Line, line, operation } from "../../support/line.ts";

let made: Line | undefined;
afterEach(async () => {
  await made?.close();
  made = undefined;
});

const targetOf = async (
  yaml: string,
  parameters: Record<string, unknown>,
  method = "GET",
): Promise<string> => {
  made = await line(yaml, { [`${method} /*`]: json(1) });
  await made.connection.call("op", parameters);
  return made.server.requests[0]?.target ?? "";
};

const path = operation("endpoint: /a/{id}/b\nparameters: [{ name: id, location: path, required: true }]");

describe("a path segment", () => {
  it.each([
    ["a/b", "/a/a%2Fb/b"],
    ["../x", "/a/..%2Fx/b"],
    ["%2e%2e", "/a/%252e%252e/b"],
    ["a?b#c", "/a/a%3Fb%23c/b"],
    ["ü €", "/a/%C3%BC%20%E2%82%AC/b"],
    ["...", "/a/.../b"],
    ["a;b=c@d", "/a/a%3Bb%3Dc%40d/b"],
  ])("%j goes as %s", async (id, target) => {
    expect(await targetOf(path, { id })).toBe(target);
  });

  it.each([".", "..", "", "\ud800"])("%j is refused, by name", async (id) => {
    made = await line(path, { "GET /*": json(1) });
    await expect(made.connection.call("op", { id })).rejects.toMatchObject({
      code: "invalid_parameters",
      details: { parameter: "id" },
    });
    expect(made.server.requests).toHaveLength(0);
  });

  it("cannot climb by two values side by side", async () => {
    const yaml = operation(
      "endpoint: /a/{x}{y}/b\nparameters: [{ name: x, location: path, required: true, default_value: '..' }, { name: y, location: path, required: true }]",
    );
    made = await line(yaml.replace("default_value: '..'", "description: x"), { "GET /*": json(1) });
    await expect(made.connection.call("op", { x: ".", y: "." })).rejects.toMatchObject({
      code: "invalid_parameters",
    });
  });

  it("keeps inner slashes of path(), and nothing else", async () => {
    const yaml = operation(
      'endpoint: "/a/{path(file)}"\nparameters: [{ name: file, location: path, required: true }]',
    ).replace("{path(file)}", "{path({file})}");
    expect(await targetOf(yaml, { file: "x/y z/ü" })).toBe("/a/x/y%20z/%C3%BC");
    await expect(made?.connection.call("op", { file: "x/../y" })).rejects.toMatchObject({
      code: "invalid_parameters",
    });
    await expect(made?.connection.call("op", { file: "x//y" })).rejects.toMatchObject({
      code: "invalid_parameters",
    });
  });
});

describe("a template value", () => {
  it("is never read as a template again", async () => {
    const yaml = operation(
      'endpoint: /x\nquery: { q: "<{value}>" }\nparameters: [{ name: value, location: query }]',
    );
    expect(await targetOf(yaml, { value: "{base64(secret)}||{value}" })).toBe(
      "/x?q=%3C%7Bbase64(secret)%7D%7C%7C%7Bvalue%7D%3E",
    );
  });

  it("takes its entry with it when it is absent or null", async () => {
    const yaml = operation(
      'endpoint: /x\nquery: { a: "1", q: "v-{value}" }\nparameters: [{ name: value, location: query }]',
    );
    expect(await targetOf(yaml, {})).toBe("/x?a=1");
    await made?.connection.call("op", { value: null });
    expect(made?.server.requests[1]?.target).toBe("/x?a=1");
  });
});

describe("parameter styles", () => {
  const styled = (style: string, type: string): string =>
    operation(`endpoint: /x\nparameters: [{ name: p, location: query, field_type: ${type}, ${style} }]`);
  it.each([
    ["style: form, explode: true", "array", ["a", "b,c"], "p=a&p=b%2Cc"],
    ["style: form, explode: false", "array", ["a", "b,c"], "p=a,b%2Cc"],
    ["style: spaceDelimited, explode: false", "array", ["a", "b"], "p=a%20b"],
    ["style: pipeDelimited, explode: false", "array", ["a", "b"], "p=a|b"],
    ["style: form, explode: true", "object", { r: 1, g: "2&3" }, "r=1&g=2%263"],
    ["style: form, explode: false", "object", { r: 1, g: 2 }, "p=r,1,g,2"],
    [
      "style: deepObject, explode: true",
      "object",
      { r: 1, in: { x: "y" }, list: [1, 2] },
      "p[r]=1&p[in][x]=y&p[list][]=1&p[list][]=2",
    ],
    ["style: deepObject", "array", ["a", "b&c"], "p[]=a&p[]=b%26c"],
    [
      "style: deepObject",
      "array",
      [{ a: 1, in: [2, 3] }, { a: 4 }],
      "p[0][a]=1&p[0][in][]=2&p[0][in][]=3&p[1][a]=4",
    ],
  ])("%s of %s %j", async (style, type, value, query) => {
    expect(await targetOf(styled(style, type), { p: value })).toBe(`/x?${query}`);
  });

  it("an empty list is no entry", async () => {
    expect(await targetOf(styled("style: form, explode: true", "array"), { p: [] })).toBe("/x");
  });
});

describe("headers made of the request", () => {
  it("see method, host, path, query and body as they go on the wire", async () => {
    made = await line(
      operation(
        'endpoint: "/x/{id}"\nmethod: PUT\nquery: { q: "a b" }\nheaders: { Content-MD5: "{base64(md5({request.body}))}", X-Seen: "{request.method} {request.path}?{request.query}" }\nparameters: [{ name: id, location: path }, { name: v, location: body }]',
      ),
      { "PUT /x/:id": json(1) },
    );
    await made.connection.call("op", { id: "ü", v: "é" });
    const request = made.server.requests[0];
    expect(request?.text).toBe('{"v":"é"}');
    expect(request?.headers).toMatchObject({
      "content-md5": createHash("md5").update('{"v":"é"}').digest("base64"),
      "x-seen": "PUT /x/%C3%BC?q=a%20b",
    });
  });

  it("see an empty body where there is none", async () => {
    made = await line(operation('endpoint: /x\nheaders: { X-Length: "[{request.body}]" }'), {
      "GET /x": json(1),
    });
    await made.connection.call("op");
    expect(made.server.requests[0]?.headers["x-length"]).toBe("[]");
  });
});

describe("headers and cookies", () => {
  const yaml = operation(
    "endpoint: /x\nparameters: [{ name: h, location: header, wire_name: X-H }, { name: c, location: cookie }, { name: d, location: cookie }]",
  );

  it.each(["a\r\nX-Evil: 1", "a\nb", "a\0b", "snow ☃"])("%j is refused in a header", async (h) => {
    made = await line(yaml, { "GET /x": json(1) });
    await expect(made.connection.call("op", { h })).rejects.toMatchObject({
      code: "invalid_parameters",
      details: { parameter: "h" },
    });
    expect(made.server.requests).toHaveLength(0);
  });

  it("cookies share one header and cannot add another", async () => {
    made = await line(yaml, { "GET /x": json(1) });
    await made.connection.call("op", { c: "a; admin=1", d: "x=y" });
    expect(made.server.requests[0]?.headers.cookie).toBe("c=a%3B%20admin=1; d=x=y");
  });
});

describe("hosts from settings", () => {
  const yaml = `
metadata: { name: Hosts, slug: hosts, description: Hosts from settings., publisher: Tests }
connection_config: [{ key: sub, label: Sub, pattern: "[a-z.]+" }, { key: host, label: Host, required: false, default_value: x.example }]
authentication: [{ type: none }]
operations:
  - { operation_id: sub, summary: One, endpoint: "https://{sub}.example.com/x", auth_type_ref: none }
  - { operation_id: whole, summary: Two, endpoint: "https://{host}/x", auth_type_ref: none }
  - { operation_id: port, summary: Three, endpoint: "https://{host}:8443/x", auth_type_ref: none }
`;
  it.each([
    ["sub", { sub: "evil.com/" }],
    ["sub", { sub: "a@b" }],
    ["sub", { sub: "-a" }],
    ["sub", { sub: "ABC" }],
    ["whole", { sub: "a", host: "https://x.example" }],
    ["whole", { sub: "a", host: "x.example/path" }],
    ["whole", { sub: "a", host: "x.example:99999" }],
    ["whole", { sub: "a", host: "user@x.example" }],
    ["whole", { sub: "a", host: "x.example#" }],
    ["port", { sub: "a", host: "x.example:443" }],
    ["port", { sub: "a", host: "x.example/" }],
    ["port", { sub: "a", host: "a@x.example" }],
  ])("%s refuses %j", async (id, config) => {
    made = await line(yaml, {}, { connect: { config } });
    await expect(made.connection.call(id)).rejects.toMatchObject({
      code: "configuration",
      message: expect.stringMatching(/Setting "(sub|host)"/),
    });
  });
});

it("a host with several labels keeps the port that the descriptor gives", async () => {
  const yaml = `
metadata: { name: Hosts, slug: hosts, description: Hosts from settings., publisher: Tests }
connection_config: [{ key: host, label: Host, pattern: "[a-z.]+" }]
authentication: [{ type: none }]
operations: [{ operation_id: op, summary: One, endpoint: "http://{host}:1/x", auth_type_ref: none }]
`;
  made = await line(yaml, {}, { connect: { config: { host: "acme.desk.test" } } });
  await expect(made.connection.call("op")).rejects.toMatchObject({
    code: "destination_blocked",
    message: expect.stringContaining("http://acme.desk.test:1 "),
  });
});

describe("bodies", () => {
  beforeEach(() => {});
  const body = async (fields: string, parameters: Record<string, unknown>) => {
    made = await line(operation(`endpoint: /x\nmethod: POST\n${fields}`), { "POST /x": json(1) });
    await made.connection.call("op", parameters);
    const [request] = made.server.requests;
    if (!request) throw new Error("nothing arrived");
    return request;
  };

  it("JSON keeps types, drops what is absent, keeps null and every digit", async () => {
    const request = await body(
      `body: { n: "{n}", text: "n is {n}", gone: "{gone}", nil: "{nil}", list: ["{gone}", "{n}"], nested: { o: "{o}" } }
parameters:
  - { name: n, location: body, field_type: integer }
  - { name: gone, location: body }
  - { name: nil, location: body }
  - { name: o, location: body, field_type: json }`,
      { n: "12345678901234567890", nil: null, o: { deep: [true] } },
    );
    expect(request.text).toBe(
      '{"n":12345678901234567890,"text":"n is 12345678901234567890","nil":null,"list":[12345678901234567890],"nested":{"o":{"deep":[true]}}}',
    );
  });

  it("a quote in a value stays in its string", async () => {
    const request = await body('body: { a: "x{v}y" }\nparameters: [{ name: v, location: body }]', {
      v: '","admin":true,"b":"',
    });
    expect(request.json).toEqual({ a: 'x","admin":true,"b":"y' });
  });

  it("form encodes names and values", async () => {
    const request = await body(
      "content_type: form\nparameters: [{ name: a, location: body }, { name: list, location: body, field_type: array }, { name: o, location: body, field_type: object }]",
      { a: "x&b=1 ü", list: [1, 2], o: { k: "v" } },
    );
    expect(request.text).toBe("a=x%26b%3D1+%C3%BC&list=1&list=2&o[k]=v");
    expect(request.headers["content-type"]).toBe("application/x-www-form-urlencoded");
  });

  it("form keeps apart what the maps of a list hold", async () => {
    const request = await body(
      "content_type: form\nparameters: [{ name: items, location: body, field_type: array }]",
      {
        items: [
          { price: "p_1", tax_rates: ["t_1", "t_2"] },
          { price: "p_2", quantity: 2 },
        ],
      },
    );
    expect(request.text).toBe(
      "items[0][price]=p_1&items[0][tax_rates][]=t_1&items[0][tax_rates][]=t_2&items[1][price]=p_2&items[1][quantity]=2",
    );
  });

  it("form writes a list in brackets where its parameter is `deepObject`, used in a hole or not", async () => {
    const request = await body(
      'content_type: form\nbody: { kinds: "{types}" }\nparameters: [{ name: expand, location: body, field_type: array, style: deepObject }, { name: types, location: body, field_type: array, style: deepObject }, { name: plain, location: body, field_type: array }]',
      { expand: ["customer"], types: ["card", "link"], plain: [1, 2] },
    );
    expect(request.text).toBe("kinds[]=card&kinds[]=link&expand[]=customer&plain=1&plain=2");
  });

  it("multipart carries files, and a name cannot end its header", async () => {
    const request = await body(
      "content_type: multipart\nparameters: [{ name: note, location: body }, { name: file, location: body, field_type: file }]",
      {
        note: "hi",
        file: { data: new Uint8Array([1, 2, 3]), filename: 'a"\r\nX: y.bin', content_type: "image/png" },
      },
    );
    const boundary = /boundary=(\S+)/.exec(request.headers["content-type"] ?? "")?.[1];
    expect(request.text).toContain(
      `--${boundary}\r\ncontent-disposition: form-data; name="note"\r\n\r\nhi\r\n`,
    );
    expect(request.text).toContain('filename="a%22%0D%0AX: y.bin"\r\ncontent-type: image/png\r\n\r\n');
    expect(request.text.endsWith(`--${boundary}--\r\n`)).toBe(true);
  });

  it("a Blob is read once and sent as a file", async () => {
    const request = await body(
      "content_type: multipart\nparameters: [{ name: file, location: body, field_type: file }]",
      { file: new File(["abc"], "n.txt", { type: "text/plain" }) },
    );
    expect(request.text).toContain(
      'name="file"; filename="n.txt"\r\ncontent-type: text/plain\r\n\r\nabc\r\n',
    );
  });

  it("XML escapes its values", async () => {
    const request = await body(
      'content_type: xml\nbody: "<a b=\\"{v}\\">{v}</a>"\nparameters: [{ name: v, location: body }]',
      { v: '<x>&"' },
    );
    expect(request.text).toBe('<a b="&lt;x&gt;&amp;&quot;">&lt;x&gt;&amp;&quot;</a>');
  });
});

describe("parameter types", () => {
  const yaml = operation(`endpoint: /x
parameters:
  - { name: i, location: query, field_type: integer, schema: { minimum: 1, maximum: 9 } }
  - { name: b, location: query, field_type: boolean }
  - { name: d, location: query, field_type: date }
  - { name: t, location: query, field_type: datetime }
  - { name: o, location: query, field_type: object }
  - { name: e, location: query, schema: { enum: [a, b] } }`);

  it("take what means the same", async () => {
    expect(
      await targetOf(yaml, {
        i: "5",
        b: "true",
        d: new Date("2026-01-02T10:00:00Z"),
        t: new Date("2026-01-02T10:00:00Z"),
        e: "a",
      }),
    ).toBe("/x?i=5&b=true&d=2026-01-02&t=2026-01-02T10%3A00%3A00.000Z&e=a");
  });

  it.each([
    [{ i: "five" }, "i"],
    [{ i: 1.5 }, "i"],
    [{ i: 2 ** 60 }, "i"],
    [{ i: 12 }, "i"],
    [{ b: "yes" }, "b"],
    [{ d: "tomorrow" }, "d"],
    [{ d: "2026-13-45" }, "d"],
    [{ t: "2026-01-02" }, "t"],
    [{ o: "x" }, "o"],
    [{ e: "c" }, "e"],
    [{ e: { a: 1 } }, "e"],
  ])("refuse %j", async (parameters, parameter) => {
    made = await line(yaml, {});
    await expect(made.connection.call("op", parameters)).rejects.toMatchObject({
      code: "invalid_parameters",
      details: { parameter },
    });
  });

  it("do not look at inherited names", async () => {
    made = await line(
      descriptor(
        "operations: [{ operation_id: op, summary: One, endpoint: /x, auth_type_ref: none, parameters: [{ name: toString, location: query }] }]",
      ),
      { "GET /x": json(1) },
    );
    await made.connection.call("op", {});
    expect(made.server.requests[0]?.target).toBe("/x");
  });
});
