import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { json } from "../../../runtime/testing/index.ts";
import { descriptor, type Line, line } from "../../support/line.ts";

const operations = `operations:
  - operation_id: search
    endpoint: /x
    summary: Values in a query
    auth_type_ref: none
    parameters:
      - { name: j, location: query, field_type: json }
      - { name: o, location: query, field_type: object }
      - { name: d, location: query, field_type: object, style: deepObject }
      - { name: l, location: query, field_type: array }
  - operation_id: text
    endpoint: /x
    method: POST
    summary: Text
    auth_type_ref: none
    content_type: text/plain
    parameters: [{ name: v, location: body, field_type: json }]
    body: "hi {v}"
  - operation_id: parts
    endpoint: /x
    method: POST
    summary: Parts
    auth_type_ref: none
    content_type: multipart/form-data
    parameters: [{ name: v, location: body, field_type: json }]
    body: { a: "{v}", b: "x{v}" }
`;

describe("a value that is data of any shape", () => {
  let made: Line;
  beforeAll(async () => {
    made = await line(descriptor(operations), { "* /x": json(1) });
  });
  afterAll(() => made.close());

  const circle: { self?: unknown } = {};
  circle.self = circle;

  it.each([
    ["a circle", "j", circle, 'Parameter "j" is nested deeper than 512 levels.'],
    ["a circle in an object", "o", { a: [circle] }, 'Parameter "o" is nested deeper than 512 levels.'],
    ["a circle in a deep object", "d", circle, 'Parameter "d" is nested deeper than 512 levels.'],
    ["a function", "j", () => 1, 'Parameter "j" holds a function, which JSON cannot carry.'],
    ["a symbol in a list", "l", [Symbol("x")], 'Parameter "l" holds a symbol, which JSON cannot carry.'],
    ["a number without end", "o", { a: Number.NaN }, 'Parameter "o" is not a finite number.'],
  ])("is refused by name where it is %s", async (_, name, value, message) => {
    const sent = made.server.requests.length;
    await expect(made.connection.call("search", { [name]: value })).rejects.toMatchObject({
      code: "invalid_parameters",
      message: `test-api search: ${message}`,
    });
    expect(made.server.requests.length).toBe(sent);
  });

  it("keeps every digit of an integer inside an object, in a query and in a text", async () => {
    const big = 12345678901234567890n;
    await made.connection.call("search", { o: { a: { n: big } } });
    expect(made.server.requests.at(-1)?.query.get("a")).toBe(`{"n":${big}}`);
    await made.connection.call("text", { v: { n: big } });
    expect(made.server.requests.at(-1)?.text).toBe(`hi {"n":${big}}`);
  });

  it.each([
    ["text", "\ud800"],
    ["text", ["a", "\udc00"]],
    ["parts", "\ud800"],
    ["parts", ["\ud800"]],
  ])("never goes out with a replacement character: %s of %j", async (operation, v) => {
    const sent = made.server.requests.length;
    await expect(made.connection.call(operation, { v })).rejects.toMatchObject({
      code: "invalid_parameters",
      message: expect.stringContaining("half of a surrogate pair"),
    });
    expect(made.server.requests.length).toBe(sent);
  });

  it("is looked for by name, so that no object of them is an error of its own", async () => {
    // A caller without types.
    await expect(made.connection.call("search", null as never)).rejects.toMatchObject({
      code: "invalid_parameters",
      message: "test-api search: The parameters must be an object of values by name.",
    });
  });
});
