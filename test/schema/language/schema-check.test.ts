import { describe, expect, it } from "vitest";
import type { JsonSchema } from "../../../schema/ir.ts";
import { createSchemaCheck } from "../../../schema/language/schema-check/index.ts";

type Shared = { readonly [name: string]: JsonSchema };

function issues(schema: JsonSchema, value: unknown, shared: Shared = {}): string[] {
  return createSchemaCheck(schema, shared)(value).map(({ path, message }) => `${path}: ${message}`);
}

describe("a required property that only one side sets", () => {
  const schema: JsonSchema = {
    required: ["id", "secret", "name"],
    properties: { id: { readOnly: true }, secret: { writeOnly: true }, name: true },
  };
  const lacks = (name: string): string => `lacks the required property "${name}"`;
  it.each([
    ["request", [lacks("secret"), lacks("name")]],
    ["response", [lacks("id"), lacks("name")]],
    [undefined, [lacks("id"), lacks("secret"), lacks("name")]],
  ] as const)("need not stand where the other side has its say: %s", (direction, expected) => {
    expect(createSchemaCheck(schema, {}, direction)({}).map(({ message }) => message)).toEqual(expected);
  });
});

describe("alternatives with a discriminator", () => {
  const schemas: Shared = {
    card: { type: "object", properties: { number: { type: "string" } } },
    transfer: { type: "object", properties: { iban: { type: "string" } }, required: ["iban"] },
  };
  const payment = (mapping?: Readonly<Record<string, string>>): JsonSchema => ({
    oneOf: [{ $ref: "#/schemas/card" }, { $ref: "#/schemas/transfer" }],
    discriminator: { propertyName: "kind", ...(mapping ? { mapping } : {}) },
  });
  const sepa = { sepa: "#/schemas/transfer", visa: "card" };
  it.each<[string, JsonSchema, unknown, string[]]>([
    ["takes what names one and fits both", payment(), { kind: "card", iban: "x" }, []],
    ["reads names and references of a mapping", payment(sepa), { kind: "visa", iban: "x" }, []],
    [
      "judges by the one that is named",
      payment(sepa),
      { kind: "sepa" },
      [': lacks the required property "iban"'],
    ],
    [
      "falls back on counting where the name is of no alternative",
      payment(sepa),
      { kind: "card", iban: "x" },
      [": fits more than one of the alternatives of its schema"],
    ],
    [
      "tells the findings of the one that is named where none fits",
      {
        ...(payment() as object),
        oneOf: [],
        anyOf: [{ $ref: "#/schemas/card" }, { $ref: "#/schemas/transfer" }],
      },
      { kind: "transfer", number: 1 },
      [': lacks the required property "iban"'],
    ],
  ])("%s", (_, schema, value, expected) => expect(issues(schema, value, schemas)).toEqual(expected));
});

describe("an issue", () => {
  it.each<[JsonSchema, unknown, string]>([
    [{ type: "integer" }, "x", ": must be an integer, not a string"],
    [{ type: ["string", "null"] }, 1, ": must be a string or null, not a number"],
    [{ type: "object" }, [], ": must be an object, not a list"],
    [
      { properties: { "a/b": { items: { type: "string" } } } },
      { "a/b": ["x", true] },
      "/a~1b/1: must be a string, not true or false",
    ],
    [{ required: ["id"] }, {}, ': lacks the required property "id"'],
    [{ minimum: 5 }, 4, ": must be at least 5"],
    [{ maxLength: 1 }, "ab", ": must have at most 1 character"],
    [{ enum: ["a"] }, "b", ': must be one of "a"'],
    [{ const: { a: [1] } }, { a: [2] }, ': must be {"a":[1]}'],
    [{ additionalProperties: false, properties: { a: true } }, { a: 1, b: 2 }, "/b: is not allowed here"],
    [{ format: "date-time" }, "yesterday", ": must be a date and time (RFC 3339)"],
    [{ pattern: "^a" }, "b", ": does not match the pattern of its schema"],
    [
      { anyOf: [{ type: "string" }, { type: "number" }] },
      true,
      ": fits none of the alternatives of its schema",
    ],
    [
      { anyOf: [{ type: "null" }, { required: ["a"], type: "object" }] },
      {},
      ': lacks the required property "a"',
    ],
    [
      { oneOf: [{ type: "integer" }, { type: "number" }] },
      1,
      ": fits more than one of the alternatives of its schema",
    ],
    [{ not: { type: "string" } }, "x", ': must not fit the schema under "not"'],
    [
      { uniqueItems: true },
      [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
      ": must not hold equal items",
    ],
    [{ multipleOf: 0.01 }, 0.015, ": must be a multiple of 0.01"],
    [{ dependentRequired: { a: ["b"] } }, { a: 1 }, ': has "a" and so must have "b"'],
    [
      { contains: { type: "string" } },
      [1],
      ": must contain at least 1 item of the kind that its schema names",
    ],
  ])("of %j", (schema, value, expected) => expect(issues(schema, value)).toEqual([expected]));

  it("quotes no value", () => {
    const canary = "s3cr3t-canary";
    const schema = { type: "integer", enum: [1], const: 1, pattern: "^x", format: "uuid", maxLength: 1 };
    expect(issues(schema, canary).length).toBeGreaterThan(3);
    expect(issues(schema, canary).join()).not.toContain(canary);
  });

  it("comes with its fellows, 20 at most", () => {
    expect(issues({ items: { type: "string" } }, [1, "a", 2])).toHaveLength(2);
    expect(issues({ items: { type: "string" } }, Array(1_000).fill(1))).toHaveLength(20);
  });
});

describe("values as APIs send them", () => {
  it("are null where `nullable` says so", () => {
    expect(issues({ type: "string", nullable: true }, null)).toEqual([]);
    expect(issues({ type: "string", enum: ["a"], nullable: true }, null)).toEqual([]);
    expect(issues({ type: "string", nullable: false }, null)).toHaveLength(1);
  });

  it("are integers past 2^53 as decimal text", () => {
    const id = { type: "integer", format: "int64", minimum: 1 };
    expect(issues(id, "12345678901234567890")).toEqual([]);
    expect(issues({ type: "number" }, "-9007199254740993")).toEqual([]);
    expect(issues({ type: "string", maxLength: 3 }, "12345678901234567890")).toHaveLength(1);
    expect(issues(id, "-12345678901234567890")).toEqual([": must be at least 1"]);
    for (const text of ["1", "9007199254740991", "0012345678901234567", "12345678901234567890.5", "x"]) {
      expect(issues(id, text), text).toHaveLength(1);
    }
  });

  it("are bigints, as callers send what a number cannot hold", () => {
    const id = { type: "integer", format: "int64", minimum: 1 };
    expect(issues(id, 12345678901234567890n)).toEqual([]);
    expect(issues({ type: "number" }, 1n)).toEqual([]);
    expect(issues(id, -1n)).toEqual([": must be at least 1"]);
    expect(issues({ type: "string" }, 1n)).toHaveLength(1);
    expect(issues({ uniqueItems: true }, [{ a: 1n }, { a: 2n }])).toEqual([]);
    expect(issues({ uniqueItems: true }, [{ a: 1n }, { a: 1n }])).toHaveLength(1);
  });

  it("are numbers past the largest double as their text", () => {
    expect(issues({ type: "number", minimum: 1 }, "1e400")).toEqual([]);
    expect(issues({ type: "number", minimum: 1 }, "-1.5E+999")).toEqual([": must be at least 1"]);
    for (const text of ["1e4", "1e400x", "01e400", "Infinity", "1e-400"])
      expect(issues({ type: "number" }, text), text).toHaveLength(1);
  });

  it("count characters, not UTF-16 units", () => {
    expect(issues({ maxLength: 2, minLength: 2 }, "💩💩")).toEqual([]);
    expect(issues({ maxLength: 1 }, "💩")).toEqual([]);
    expect(issues({ minLength: 3 }, "💩💩")).toHaveLength(1);
  });

  it("have only the properties that they own", () => {
    expect(issues({ required: ["toString", "__proto__", "constructor"] }, {})).toHaveLength(3);
    expect(issues({ properties: { constructor: false, toString: false } }, {})).toEqual([]);
    const schema = JSON.parse('{"properties":{"__proto__":{"type":"string"}}}') as JsonSchema;
    expect(issues(schema, {})).toEqual([]);
    expect(issues(schema, JSON.parse('{"__proto__":1}'))).toEqual([
      "/__proto__: must be a string, not a number",
    ]);
  });

  it("meet the booleans of draft 4 without harm", () => {
    expect(issues({ minimum: 1, exclusiveMinimum: true }, 1)).toEqual([]);
  });

  it("meet keywords that nobody knows, or of a wrong type, without harm", () => {
    expect(
      issues(
        { frobnicate: 1, minimum: "3", properties: [], required: "a", type: "float", enum: 3 },
        { a: 1 },
      ),
    ).toEqual([]);
  });

  it.each([
    ["date", ["2024-02-29", "1900-12-31"], ["2023-02-29", "2024-13-01", "2024-1-1", "20240101"]],
    [
      "date-time",
      ["2024-01-02T03:04:05Z", "2024-01-02 03:04:05.123+0100"],
      ["2024-01-02", "2024-01-02T25:00:00Z"],
    ],
    ["email", ["a@b", "a+b@c.example"], ["a", "a@", "a b@c"]],
    ["uri", ["https://a.example/?q#f", "urn:x:y", "mailto:a@b"], ["/relative", "a b:c", "//host"]],
    ["uuid", ["123E4567-e89b-12d3-a456-426614174000"], ["123e4567e89b12d3a456426614174000"]],
    ["ipv4", ["127.0.0.1"], ["127.0.0", "256.1.1.1", "1.2.3.4.", "01.2.3.4"]],
    [
      "ipv6",
      ["::", "::1", "2001:db8::8", "::ffff:1.2.3.4"],
      ["1::2::3", ":::", "12345::", "1:2:3:4:5:6:7:8:9", "::256.1.1.1"],
    ],
    ["unheard-of", ["anything"], []],
  ])("have the format %s", (format, right, wrong) => {
    for (const text of right) expect(issues({ format }, text), text).toEqual([]);
    for (const text of wrong) expect(issues({ format }, text), text).toHaveLength(1);
    expect(issues({ format }, 5)).toEqual([]);
  });
});

describe("references", () => {
  const shared: Shared = {
    Issue: {
      type: "object",
      required: ["id"],
      properties: {
        id: { $ref: "#/$defs/id" },
        parent: { $ref: "#/schemas/Issue" },
        by: { $ref: "#/schemas/User" },
      },
      $defs: { id: { type: "integer" } },
    },
    User: { $anchor: "user", type: "string" },
    "a/b c": { type: "null" },
  };

  it("lead to shared schemas, and from those to their own parts", () => {
    const schema = { items: { $ref: "#/schemas/Issue" } };
    expect(issues(schema, [{ id: 1, parent: { id: 2, by: "x" } }], shared)).toEqual([]);
    expect(issues(schema, [{ id: "1", parent: { id: 2, by: 3, parent: {} } }], shared)).toEqual(
      [
        "/0/id: must be an integer, not a string",
        '/0/parent/parent: lacks the required property "id"',
        "/0/parent/by: must be a string, not a number",
      ].sort((left, right) => order.indexOf(left) - order.indexOf(right)),
    );
  });
  const order = [
    "/0/id: must be an integer, not a string",
    '/0/parent/parent: lacks the required property "id"',
    "/0/parent/by: must be a string, not a number",
  ];

  it("lead into shared schemas and through escapes", () => {
    expect(issues({ $ref: "#/schemas/Issue/properties/id" }, "x", shared)).toHaveLength(1);
    expect(issues({ $ref: "#/schemas/a~1b%20c" }, 1, shared)).toEqual([": must be null, not a number"]);
  });

  it("stand beside other keywords", () => {
    expect(issues({ $ref: "#/schemas/User", minLength: 2 }, "x", shared)).toHaveLength(1);
  });

  it.each([
    "#/schemas/Nobody",
    "#/$defs/none",
    "#nowhere",
    "https://example.com/schema.json",
    "#/schemas/constructor",
    "other.json",
  ])("to nowhere are refused before any call: %s", ($ref) => {
    expect(() => createSchemaCheck({ items: { $ref } }, shared)).toThrow(
      expect.objectContaining({ name: "SchemaReferenceError" }),
    );
  });

  it("are followed when a value gets there, for a large connector has far more schemas than an answer meets", () => {
    let looked = 0;
    const User = {
      get properties() {
        looked++;
        return { name: { type: "string" } };
      },
    };
    const check = createSchemaCheck({ properties: { user: { $ref: "#/schemas/User" } } }, { User });
    looked = 0;
    expect(check({ id: 1 })).toEqual([]);
    expect(looked).toBe(0);
    expect(check({ user: { name: 1 } })).toHaveLength(1);
    expect(looked).toBeGreaterThan(0);
  });

  it("to nowhere, inside what another leads to, are told each time a value gets there", () => {
    const check = createSchemaCheck(
      { properties: { user: { $ref: "#/schemas/User" } } },
      { User: { properties: { team: { $ref: "#/schemas/Team" } } } },
    );
    const told = {
      path: "/user",
      message: "was not checked to the end: The schema reference #/schemas/Team leads nowhere.",
    };
    expect(check({})).toEqual([]);
    expect(check({ user: {} })).toEqual([told]);
    expect(check({ user: {} })).toEqual([told]);
  });

  it("to names and addresses inside shared schemas are known from when the schema is first named", () => {
    const library = {
      A: { $ref: "#part", $defs: { part: { $anchor: "part", type: "string" } } },
      B: {
        $defs: {
          far: {
            $id: "https://example.com/far",
            $ref: "#near",
            $defs: { x: { $anchor: "near", type: "null" } },
          },
        },
      },
    };
    expect(issues({ $ref: "#/schemas/A" }, 1, library)).toEqual([": must be a string, not a number"]);
    const far = { allOf: [{ $ref: "#/schemas/B" }, { $ref: "https://example.com/far" }] };
    expect(issues(far, 1, library)).toEqual([": must be null, not a number"]);
  });

  it("that lead in a circle end", () => {
    expect(issues({ $ref: "#" }, 1)).toEqual([
      ": was not checked to the end: the value or its schema nests past 512 levels",
    ]);
    expect(issues({ not: { $ref: "#" } }, 1)).toEqual([
      ": was not checked to the end: the value or its schema nests past 512 levels",
    ]);
  });
});

describe("bounds", () => {
  it("end a value that is deeper than 512 levels", () => {
    let value: unknown = null;
    for (let level = 0; level < 2_000; level++) value = [value];
    expect(issues({ items: { $ref: "#" } }, value)).toEqual([
      expect.stringContaining("nests past 512 levels"),
    ]);
    expect(issues({ uniqueItems: true }, [deepList(100_000)])).toEqual([
      expect.stringContaining("was not checked to the end"),
    ]);
  });

  it("end alternatives inside alternatives", () => {
    const schema = {
      anyOf: [
        { items: { $ref: "#" }, minItems: 1 },
        { items: { $ref: "#" }, maxItems: 1 },
      ],
    };
    expect(issues(schema, deepList(100, 2))).toEqual([
      expect.stringContaining("takes more than 5000000 steps"),
    ]);
  });

  it("hold patterns to linear time", () => {
    expect(issues({ pattern: "^(a+)+$" }, `${"a".repeat(50_000)}b`)).toHaveLength(1);
  });

  it("leave patterns unchecked that the linear-time engine cannot run", () => {
    expect(issues({ pattern: "^(?=a)b" }, "c")).toEqual([]);
    expect(
      issues({ patternProperties: { "(a)\\1": { type: "null" } }, additionalProperties: false }, { aa: 1 }),
    ).toEqual([]);
  });
});

function deepList(depth: number, width = 1): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = Array(width).fill(value);
  return value;
}
