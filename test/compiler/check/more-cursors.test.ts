import { describe, expect, test } from "vitest";
import { compile } from "../../../compiler/index.ts";
import { findings, listing } from "./listing.ts";

const schema = `response_schema:
  type: object
  properties:
    items: { type: array, items: { type: object, properties: { id: { type: string }, at: { type: integer } } } }
    key: { type: string }
    version: { type: string }
    last: { type: object, properties: { pk: { type: string } } }`;

const paged = (pagination: string, rest = ""): string =>
  listing(
    `endpoint: /items\nresponse: { records_path: "$.items" }\n${schema}\n${rest}\npagination: { type: cursor, ${pagination} }`,
  );

const main = 'cursor_path: "$.key", cursor_param: key';
const post = "method: POST\nside_effecting: false";

describe("values that go along with a cursor", () => {
  test.each([
    ["by a wire name", paged(`${main}, more_cursors: { version-marker: "$.version" }`)],
    [
      "into a parameter",
      paged(`${main}, more_cursors: { v: "$.version" }`, "parameters: [{ name: v, location: query }]"),
    ],
    ["of the last record", paged("cursor_from_record: at, cursor_param: at, more_cursors: { after: id }")],
    ["into the body", paged(`${main}, cursor_location: body, more_cursors: { v: "$.version" }`, post)],
  ])("%s: nothing to find", async (_, text) => {
    expect(await findings(text)).toEqual([]);
  });

  test.each([
    [
      "a path to nothing",
      paged(`${main}, more_cursors: { v: "$.vrsion" }`),
      [{ rule: "pagination/unknown-path", severity: "warning", at: '"$.vrsion"' }],
    ],
    [
      "a path that is none",
      paged(`${main}, more_cursors: { v: "$.version[" }`),
      [{ rule: "jsonpath/invalid", severity: "error", at: expect.any(String) }],
    ],
    [
      "a map in the query",
      paged(`${main}, more_cursors: { v: "$.last" }`),
      [{ rule: "pagination/path-type", severity: "error", at: '"$.last"' }],
    ],
    [
      "a parameter by a slip",
      paged(
        `${main}, more_cursors: { version_makrer: "$.version" }`,
        "parameters: [{ name: version_marker, location: query }]",
      ),
      [{ rule: "pagination/parameter", severity: "warning", at: "version_makrer" }],
    ],
    [
      "a parameter of a type that holds no cursor",
      paged(
        `${main}, more_cursors: { v: "$.version" }`,
        "parameters: [{ name: v, location: query, field_type: boolean }]",
      ),
      [{ rule: "pagination/parameter-type", severity: "error", at: "boolean" }],
    ],
    [
      "beside a URL",
      paged('next_url_path: "$.key", more_cursors: { v: "$.version" }'),
      [{ rule: "pagination/unsent-parameter", severity: "warning", at: '{ v: "$.version" }' }],
    ],
    [
      "a header that is ours to set",
      paged(`${main}, cursor_location: header, more_cursors: { Host: "$.version" }`),
      [{ rule: "header/reserved", severity: "error", at: "Host" }],
    ],
    [
      "nothing",
      paged(`${main}, more_cursors: {}`),
      [{ rule: expect.stringMatching(/^structure\//), severity: "error", at: expect.any(String) }],
    ],
  ])("%s: a finding", async (_, text, expected) => {
    expect(await findings(text)).toEqual(expected);
  });

  test("are in the representation, and a runtime must know them", async () => {
    const { ir } = await compile(paged(`${main}, more_cursors: { v: "$.version" }`));
    expect(ir?.requires).toEqual(["pagination:more_cursors"]);
    expect(ir?.operations[0]?.pagination).toMatchObject({
      kind: "cursor",
      slot: { kind: "query", name: "key" },
      more: [{ path: { text: "$.version" }, slot: { kind: "query", name: "v" } }],
    });
    const plain = await compile(paged(main));
    expect(plain.ir?.requires).toEqual([]);
  });
});

describe("a cursor that is a map", () => {
  const last = 'cursor_path: "$.last", cursor_param: start';
  test.each([
    ["under a name of the body", paged(`${last}, cursor_location: body`, post)],
    [
      "in a parameter of the body",
      paged(last, `${post}\nparameters: [{ name: start, location: body, field_type: object }]`),
    ],
  ])("%s: nothing to find", async (_, text) => {
    expect(await findings(text)).toEqual([]);
  });

  test.each([
    ["in the query", paged(last), "pagination/path-type"],
    [
      "in a parameter of the query",
      paged(last, "parameters: [{ name: start, location: query, field_type: object }]"),
      "pagination/parameter-type",
    ],
  ])("%s: an error", async (_, text, rule) => {
    expect((await findings(text)).map((one) => one.rule)).toContain(rule);
  });
});

describe("a short page", () => {
  test.each([
    ["type: offset", true],
    ["type: page", true],
    ["type: page, stop_on_short_page: false", false],
    ["type: link_header", false],
    ['type: cursor, cursor_path: "$.key", cursor_param: key', false],
    ['type: cursor, cursor_path: "$.key", cursor_param: key, stop_on_short_page: true', true],
  ])("%s: the last one? %s", async (pagination, stops) => {
    const { ir } = await compile(
      listing(`endpoint: /items\npagination: { ${pagination}, page_size: 2, limit_param: l }`),
    );
    expect(ir?.operations[0]?.pagination).toMatchObject({ stop_on_short_page: stops });
  });
});

describe("a required parameter for the cursor", () => {
  test("is no finding of the usual rules: another operation may give the first one", async () => {
    expect(
      await findings(paged(main, "parameters: [{ name: key, location: query, required: true }]")),
    ).toEqual([]);
  });
});
