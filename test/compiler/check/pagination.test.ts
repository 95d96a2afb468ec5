import { describe, expect, test } from "vitest";
import { compile } from "../../../compiler/index.ts";
import { json } from "../../../runtime/testing/index.ts";
import { line, operation as runnable } from "../../support/line.ts";
import { findings, listing, messages } from "./listing.ts";

const schema = `response_schema:
  type: object
  properties:
    tickets: { type: array, items: { type: object, properties: { id: { type: string }, closed: { type: boolean } } } }
    next: { type: [string, "null"] }
    page: { type: integer }
    more: { type: boolean }
    total: { type: [integer, "null"] }
    links: { type: object, properties: { next: { type: [string, "null"] } } }`;

const paged = (pagination: string, rest = ""): string =>
  listing(
    `endpoint: /tickets\nresponse: { records_path: "$.tickets" }\n${schema}\n${rest}\npagination: { ${pagination} }`,
  );

const cursor = "type: cursor, cursor_param: cursor";

describe("paths that paging reads", () => {
  test.each([
    ["a cursor", `${cursor}, cursor_path: "$.next"`],
    ["a cursor that is a number", `${cursor}, cursor_path: "$.page"`],
    ["a URL", 'type: cursor, next_url_path: "$.links.next"'],
    ["a flag and a total", 'type: offset, has_more_path: "$.more", total_path: "$.total"'],
    ["a cursor that tells whether there is more", 'type: page, has_more_path: "$.next"'],
    ["a field of the last record", `${cursor}, cursor_from_record: id`],
    ["a path in the last record", `${cursor}, cursor_from_record: "$.id", primary_key: [id, "$.closed"]`],
    [
      "a condition that something is missing",
      'type: page, stop_when: { json: { path: "$.last", exists: false } }',
    ],
  ])("%s: nothing to find", async (_, pagination) => {
    expect(await findings(paged(pagination))).toEqual([]);
  });

  test.each([
    ["a cursor", `${cursor}, cursor_path: "$.nxt"`, '"$.nxt"'],
    ["a URL one level too high", 'type: cursor, next_url_path: "$.links.nxt"', '"$.links.nxt"'],
    ["a flag", 'type: page, has_more_path: "$.has_more"', '"$.has_more"'],
    ["a total", 'type: page, total_path: "$.count"', '"$.count"'],
    ["a key of the record", "type: page, primary_key: [id, uid]", "uid"],
    ["a field of the last record", `${cursor}, cursor_from_record: ident`, "ident"],
    [
      "a condition for the end",
      'type: page, stop_when: { json: { path: "$.last", equals: true } }',
      '"$.last"',
    ],
  ])("%s that is not declared: a warning", async (_, pagination, at) => {
    expect(await findings(paged(pagination))).toEqual([
      { rule: "pagination/unknown-path", severity: "warning", at },
    ]);
  });

  test.each([
    [
      "a cursor that is a map",
      `${cursor}, cursor_path: "$.links"`,
      "error",
      "a map; a cursor is text or a number",
    ],
    ["a cursor that is a flag", `${cursor}, cursor_path: "$.more"`, "error", "true or false; a cursor is"],
    ["a URL that is a number", 'type: cursor, next_url_path: "$.page"', "error", "URL is text"],
    [
      "a cursor in the record that is a flag",
      `${cursor}, cursor_from_record: closed`,
      "error",
      "true or false",
    ],
    [
      "a flag that is a list",
      'type: page, has_more_path: "$.tickets"',
      "warning",
      "counts as more, even an empty one",
    ],
    ["a total that is a flag", 'type: page, total_path: "$.more"', "warning", "only a number is taken"],
  ])("%s: of the wrong type", async (_, pagination, severity, said) => {
    const text = paged(pagination);
    expect((await findings(text)).map((one) => [one.rule, one.severity])).toEqual([
      ["pagination/path-type", severity],
    ]);
    expect((await messages(text))[0]).toContain(said);
  });

  test("a default is wrong only where an operation that lists shows it", async () => {
    const defaults =
      'defaults: { pagination: { type: cursor, cursor_param: cursor, cursor_path: "$.nxt" } }\n';
    const one = (records: string): string => listing(`endpoint: /tickets\n${records}${schema}`, defaults);
    expect(await findings(one(""))).toEqual([]);
    expect(await findings(one('response: { records_path: "$.tickets" }\n'))).toEqual([
      { rule: "pagination/unknown-path", severity: "warning", at: '"$.nxt"' },
    ]);
  });
});

describe("records", () => {
  const records = (path: string, type: string): string =>
    listing(
      `endpoint: /tickets\nresponse: { records_path: "${path}" }\nresponse_schema: { type: object, properties: { data: ${type} } }\npagination: { type: page }`,
    );

  test.each([
    ["a list", "{ type: array }"],
    ["a list or null", "{ type: [array, 'null'] }"],
    ["a list or one record", "{ type: [array, object] }"],
    ["anything", "{}"],
  ])("%s: nothing to find", async (_, type) => {
    expect(await findings(records("$.data", type))).toEqual([]);
  });

  test("a map would be one record a page", async () => {
    expect(await findings(records("$.data", "{ type: object }"))).toEqual([
      { rule: "pagination/records-type", severity: "warning", at: '"$.data"' },
    ]);
  });

  test("a text cannot be records", async () => {
    expect(await findings(records("$.data", "{ type: string }"))).toEqual([
      { rule: "pagination/records-type", severity: "error", at: '"$.data"' },
    ]);
  });

  test("without a path, the answer behind a reference is looked at, too", async () => {
    const text = listing(
      'endpoint: /tickets\nresponse_schema: { $ref: "#/schemas/Page" }\npagination: { type: page }',
      "schemas:\n  Page: { type: object, properties: { items: { type: array } } }\n",
    );
    expect(await findings(text)).toEqual([
      { rule: "pagination/records-path", severity: "warning", at: "pagination" },
    ]);
  });

  test.each(["text", "binary"])("a path into %s finds nothing", async (type) => {
    const text = listing(
      `endpoint: /tickets\nresponse: { type: ${type} }\npagination: { type: cursor, next_url_path: "$.next" }`,
    );
    expect(await findings(text)).toEqual([
      { rule: "response/no-structure", severity: "error", at: '"$.next"' },
    ]);
  });
});

describe("sizes and first pages against the parameter's schema", () => {
  const sized = (size: number, schema: string, type = "integer"): string =>
    listing(
      `endpoint: /tickets\nparameters: [{ name: limit, location: query, field_type: ${type}, schema: ${schema} }]\npagination: { type: page, limit_param: limit, page_size: ${size} }`,
    );

  test.each([
    [100, "{ maximum: 100 }"],
    [50, "{ enum: [10, 50] }"],
    [50, '{ enum: ["10", "50"] }', "string"],
    [200, "{ anyOf: [{ maximum: 100 }, { const: 200 }] }"],
    [99, "{ exclusiveMaximum: 100 }"],
  ])("%i is within %s", async (size, schema, type = "integer") => {
    expect(await findings(sized(size, schema, type))).toEqual([]);
  });

  test.each([
    [101, "{ maximum: 100 }", "`limit` is at most 100"],
    [100, "{ exclusiveMaximum: 100 }", "`limit` is below 100"],
    [1, "{ minimum: 10 }", "`limit` is at least 10"],
    [20, "{ enum: [10, 50] }", "`limit` is one of 10, 50"],
    [300, "{ allOf: [{ minimum: 1 }, { maximum: 200 }] }", "`limit` is at most 200"],
    [300, "{ anyOf: [{ maximum: 100 }, { const: 200 }] }", "`limit` is at most 100"],
  ])("%i is not within %s", async (size, schema, said) => {
    const text = sized(size, schema);
    expect(await findings(text)).toEqual([
      { rule: "pagination/page-size", severity: "error", at: String(size) },
    ]);
    expect((await messages(text))[0]).toContain(said);
  });

  const begun = (parameter: string, pagination: string): string =>
    listing(
      `endpoint: /tickets\nparameters: [{ name: page, location: query, field_type: integer, ${parameter} }]\npagination: { ${pagination} }`,
    );

  test.each([
    ["a first page that is said", "schema: { minimum: 0 }", "type: page, start_page: 1"],
    ["a default in its place", "schema: { minimum: 0 }, default_value: 0", "type: page"],
    ["both the same", "default_value: 0", "type: page, start_page: 0"],
    ["an offset from 0", "schema: { minimum: 0 }", "type: offset, offset_param: page"],
    [
      "an offset that counts from 1",
      "default_value: 1, schema: { minimum: 1 }",
      "type: offset, offset_param: page",
    ],
  ])("%s: nothing to find", async (_, parameter, pagination) => {
    expect(await findings(begun(parameter, pagination))).toEqual([]);
  });

  test.each([
    ["a first page below the least", "schema: { minimum: 1 }", "type: page, start_page: 0", "error", "0"],
    ["pages that may count from 0", "schema: { minimum: 0 }", "type: page", "warning", "pagination"],
    ["another default", "default_value: 1", "type: page, start_page: 0", "warning", "0"],
    [
      "an offset from 0 where it counts from 1",
      "schema: { minimum: 1 }",
      "type: offset, offset_param: page",
      "error",
      "pagination",
    ],
    [
      "an offset that skips records",
      "default_value: 100",
      "type: offset, offset_param: page",
      "warning",
      "100",
    ],
  ])("%s", async (_, parameter, pagination, severity, at) => {
    expect(await findings(begun(parameter, pagination))).toEqual([
      { rule: "pagination/first-page", severity, at },
    ]);
  });
});

describe("parameters that the page reader fills in", () => {
  test.each([
    [
      "a size that nothing carries",
      `endpoint: /tickets\npagination: { ${cursor}, cursor_path: "$.next", page_size: 50 }`,
      { rule: "pagination/page-size-unsent", severity: "warning", at: "50" },
    ],
    [
      "a parameter for a size that is not given",
      `endpoint: /tickets\npagination: { ${cursor}, cursor_path: "$.next", limit_param: limit }`,
      { rule: "pagination/page-size-unsent", severity: "warning", at: "limit" },
    ],
    [
      "a cursor beside a URL",
      `endpoint: /tickets\npagination: { ${cursor}, next_url_path: "$.next" }`,
      { rule: "pagination/unsent-parameter", severity: "warning", at: "cursor" },
    ],
    [
      "a cursor in the body of a GET without one",
      `endpoint: /tickets\npagination: { ${cursor}, cursor_location: body, cursor_path: "$.next" }`,
      { rule: "pagination/unsent-parameter", severity: "error", at: "cursor" },
    ],
    [
      "a cursor in a body that is a list",
      `endpoint: /tickets\nmethod: POST\nbody: [1]\npagination: { ${cursor}, cursor_location: body, cursor_path: "$.next" }`,
      { rule: "pagination/unsent-parameter", severity: "error", at: "cursor" },
    ],
    [
      "a cursor in a body that is text",
      `endpoint: /tickets\nmethod: POST\nbody: select\npagination: { ${cursor}, cursor_location: body, cursor_path: "$.next" }`,
      { rule: "pagination/unsent-parameter", severity: "error", at: "cursor" },
    ],
    [
      "a page number that the body says for good",
      "endpoint: /tickets\nmethod: POST\nbody: { page: 1 }\npagination: { type: page }",
      { rule: "pagination/fixed-in-body", severity: "warning", at: "pagination" },
    ],
    [
      "a location that the parameter does not have",
      `endpoint: /tickets\nmethod: POST\nparameters: [{ name: cursor, location: query }]\npagination: { ${cursor}, cursor_location: body, cursor_path: "$.next" }`,
      { rule: "pagination/cursor-location", severity: "warning", at: "body" },
    ],
    [
      "one parameter under its name and its wire name",
      "endpoint: /tickets\nparameters: [{ name: from, wire_name: offset, location: query, field_type: integer }]\npagination: { type: offset, limit_param: from, page_size: 5 }",
      { rule: "pagination/same-parameter", severity: "error", at: "from" },
    ],
    [
      "a page in a path that every caller must give",
      'endpoint: "/tickets/{page}"\nparameters: [{ name: page, location: path, field_type: integer }]\npagination: { type: page }',
      { rule: "pagination/required-parameter", severity: "warning", at: "path" },
    ],
    [
      "a cursor into a flag",
      `endpoint: /tickets\nparameters: [{ name: cursor, location: query, field_type: boolean }]\npagination: { ${cursor}, cursor_path: "$.next" }`,
      { rule: "pagination/parameter-type", severity: "error", at: "boolean" },
    ],
    [
      "a page number into a date",
      "endpoint: /tickets\nparameters: [{ name: page, location: query, field_type: date }]\npagination: { type: page }",
      { rule: "pagination/parameter-type", severity: "error", at: "date" },
    ],
    [
      "a single page",
      "endpoint: /tickets\npagination: { type: page, max_pages: 1 }",
      { rule: "pagination/max-pages", severity: "warning", at: "1" },
    ],
  ])("%s", async (_, operation, told) => {
    expect(await findings(listing(operation))).toEqual([told]);
  });

  test.each([
    [
      "a date as a cursor",
      `parameters: [{ name: cursor, location: query, field_type: date }]\npagination: { ${cursor}, cursor_from_record: day }`,
    ],
    [
      "a page in a path with a default",
      "parameters: [{ name: page, location: query, field_type: integer, required: true, default_value: 1 }]\npagination: { type: page }",
    ],
    ["a page number as text", "parameters: [{ name: page, location: query }]\npagination: { type: page }"],
    [
      "a hole in the body",
      'method: POST\nparameters: [{ name: page, location: body, field_type: integer }]\nbody: { page: "{page}" }\npagination: { type: page }',
    ],
  ])("%s: nothing to find", async (_, operation) => {
    expect(await findings(listing(`endpoint: /tickets\n${operation}`))).toEqual([]);
  });

  test("a POST without a body gets one for the cursor, and it is sent", async () => {
    const text = `endpoint: /items\nmethod: POST\nside_effecting: false\nresponse: { records_path: $.items }\npagination: { type: cursor, cursor_path: $.next, cursor_param: page.after, cursor_location: body }`;
    expect(await findings(listing(text))).toEqual([]);
    const { connection, server, close } = await line(runnable(text), {
      "POST /items": ({ body }) =>
        json(String(body).includes("after") ? { items: [2] } : { items: [1], next: "n1" }),
    });
    const read: unknown[] = [];
    for await (const record of connection.records("op")) read.push(record);
    expect(read).toEqual([1, 2]);
    expect(server.requests.map(({ body }) => String(body))).toEqual(["{}", '{"page":{"after":"n1"}}']);
    await close();
  });
});

describe("ends that never come", () => {
  test.each([
    [
      "a short page where no size is asked for",
      `${cursor}, cursor_path: "$.next", stop_on_short_page: true`,
      "warning",
      "true",
    ],
    ["a status that is an error", "type: page, stop_when: { status: [404, 410] }", "error", "[404, 410]"],
    [
      "a text in the place of a flag",
      'type: page, stop_when: { json: { path: "$.more", equals: "false" } }',
      "warning",
      '"false"',
    ],
    [
      "none of a list",
      'type: page, stop_when: { json: { path: "$.page", in: ["1", "2"] } }',
      "warning",
      '["1", "2"]',
    ],
  ])("%s", async (_, pagination, severity, at) => {
    expect(await findings(paged(pagination))).toEqual([{ rule: "pagination/stop-never", severity, at }]);
  });

  test.each([
    [
      "a status that counts as a success",
      "response: { success_status: [200, 404] }\npagination: { type: page, stop_when: { status: 404 } }",
    ],
    [
      "a status that a rule lets pass",
      "errors: [{ when: { text: { contains: none } }, action: ignore }]\npagination: { type: page, stop_when: { status: 404 } }",
    ],
    ["a class that holds a success", "pagination: { type: page, stop_when: { status: 2xx } }"],
  ])("%s: nothing to find", async (_, operation) => {
    expect(await findings(listing(`endpoint: /tickets\n${operation}`))).toEqual([]);
  });
});

test("a descriptor whose cursor gets a body compiles to one", async () => {
  const { ir } = await compile(
    listing(
      `endpoint: /tickets\nmethod: POST\npagination: { ${cursor}, cursor_path: "$.next", cursor_location: body }`,
    ),
  );
  expect(ir?.operations[0]?.exchange.body).toEqual({
    content_type: "json",
    media_type: "application/json",
    root: { kind: "object", entries: [] },
  });
});
