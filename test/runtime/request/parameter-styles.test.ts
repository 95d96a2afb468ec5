import { afterEach, describe, expect, it } from "vitest";
import { json } from "../../../runtime/testing/index.ts";
import { type Line, line, operation } from "../../support/line.ts";

let made: Line | undefined;
afterEach(async () => {
  await made?.close();
  made = undefined;
});

const types = { empty: "string", string: "string", array: "array", object: "object" };
const values = {
  empty: "",
  string: "blue",
  array: ["blue", "black", "brown"],
  object: { R: 100, G: 200, B: 150 },
};
type Kind = keyof typeof values;

/** What the server was asked for: the target, or the header `color`. */
async function written(
  location: string,
  fields: string,
  type: string,
  color: unknown,
): Promise<string | undefined> {
  const endpoint = location === "path" ? "/p{color}" : "/p";
  made = await line(
    operation(
      `endpoint: "${endpoint}"\nparameters: [{ name: color, location: ${location}, field_type: ${type}, ${fields} }]`,
    ),
    { "GET /*": json({}) },
  );
  await made.connection.call("op", { color });
  const [request] = made.server.requests;
  return location === "header" ? request?.headers.color : request?.target.slice(2);
}

// OpenAPI 3.1.1, section 4.8.12.4 ("Style Examples"). Brackets stay as servers write them in their own documents.
const table: readonly (readonly [string, string, boolean, { readonly [K in Kind]?: string }])[] = [
  [
    "path",
    "matrix",
    false,
    {
      empty: ";color",
      string: ";color=blue",
      array: ";color=blue,black,brown",
      object: ";color=R,100,G,200,B,150",
    },
  ],
  [
    "path",
    "matrix",
    true,
    {
      empty: ";color",
      string: ";color=blue",
      array: ";color=blue;color=black;color=brown",
      object: ";R=100;G=200;B=150",
    },
  ],
  [
    "path",
    "label",
    false,
    { empty: ".", string: ".blue", array: ".blue,black,brown", object: ".R,100,G,200,B,150" },
  ],
  [
    "path",
    "label",
    true,
    { empty: ".", string: ".blue", array: ".blue.black.brown", object: ".R=100.G=200.B=150" },
  ],
  ["path", "simple", false, { string: "blue", array: "blue,black,brown", object: "R,100,G,200,B,150" }],
  ["path", "simple", true, { string: "blue", array: "blue,black,brown", object: "R=100,G=200,B=150" }],
  [
    "header",
    "simple",
    false,
    { empty: "", string: "blue", array: "blue,black,brown", object: "R,100,G,200,B,150" },
  ],
  [
    "header",
    "simple",
    true,
    { empty: "", string: "blue", array: "blue,black,brown", object: "R=100,G=200,B=150" },
  ],
  [
    "query",
    "form",
    false,
    {
      empty: "?color=",
      string: "?color=blue",
      array: "?color=blue,black,brown",
      object: "?color=R,100,G,200,B,150",
    },
  ],
  [
    "query",
    "form",
    true,
    {
      empty: "?color=",
      string: "?color=blue",
      array: "?color=blue&color=black&color=brown",
      object: "?R=100&G=200&B=150",
    },
  ],
  [
    "query",
    "spaceDelimited",
    false,
    { array: "?color=blue%20black%20brown", object: "?color=R%20100%20G%20200%20B%20150" },
  ],
  [
    "query",
    "pipeDelimited",
    false,
    { array: "?color=blue%7Cblack%7Cbrown", object: "?color=R%7C100%7CG%7C200%7CB%7C150" },
  ],
  ["query", "deepObject", true, { object: "?color[R]=100&color[G]=200&color[B]=150" }],
];

const kinds: readonly Kind[] = ["empty", "string", "array", "object"];
const cells = table.flatMap(([location, style, explode, row]) =>
  kinds.flatMap((kind) =>
    row[kind] === undefined ? [] : [{ location, style, explode, kind, text: row[kind] }],
  ),
);

describe("OpenAPI's table of styles", () => {
  it.each(cells)(
    "$location $style, explode $explode: $kind is $text",
    async ({ location, style, explode, kind, text }) => {
      expect(await written(location, `style: ${style}, explode: ${explode}`, types[kind], values[kind])).toBe(
        text,
      );
    },
  );
});

describe("a styled path", () => {
  it("encodes what would be syntax in a value", async () => {
    expect(await written("path", "style: matrix, explode: true", "array", ["a;b=c/../d", "e,f?"])).toBe(
      ";color=a%3Bb%3Dc%2F..%2Fd;color=e%2Cf%3F",
    );
  });

  it("names what `wire_name` says", async () => {
    expect(await written("path", "style: matrix, wire_name: c", "string", "blue")).toBe(";c=blue");
  });

  it.each([
    ["label", "array", []],
    ["matrix", "object", {}],
    ["simple", "array", []],
    ["simple", "array", ["..", null]],
  ])("in %s refuses the %s %j, which would leave a hole", async (style, type, value) => {
    const yaml = `endpoint: "/p/{color}/x"\nparameters: [{ name: color, location: path, field_type: ${type}, style: ${style} }]`;
    made = await line(operation(yaml), { "GET /*": json({}) });
    await expect(made.connection.call("op", { color: value })).rejects.toMatchObject({
      code: "invalid_parameters",
      details: { parameter: "color" },
    });
    expect(made.server.requests).toHaveLength(0);
  });

  it("cannot climb with a label of a dot", async () => {
    const yaml = 'endpoint: "/p/{color}/x"\nparameters: [{ name: color, location: path, style: label }]';
    made = await line(operation(yaml), { "GET /*": json({}) });
    await expect(made.connection.call("op", { color: "." })).rejects.toMatchObject({
      code: "invalid_parameters",
    });
  });
});

describe("a list or map with nothing in it", () => {
  it.each([
    ["query", "array", []],
    ["query", "object", {}],
    ["header", "array", [null]],
    ["header", "object", { a: null }],
    ["cookie", "array", []],
  ])("is no entry in a %s (%s %j)", async (location, type, value) => {
    made = await line(
      operation(
        `endpoint: /p\nparameters: [{ name: color, location: ${location}, field_type: ${type}, explode: false }]`,
      ),
      { "GET /*": json({}) },
    );
    await made.connection.call("op", { color: value });
    const [request] = made.server.requests;
    expect([request?.target, request?.headers.color, request?.headers.cookie]).toEqual([
      "/p",
      undefined,
      undefined,
    ]);
  });
});
