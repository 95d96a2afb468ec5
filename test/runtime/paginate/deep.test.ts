/** Parts of a page that nest deeper than they could be compared or sent back: an error that says so, and no fault of ours. */
import { afterEach, describe, expect, it } from "vitest";
import { type Line, line, operation } from "../../support/line.ts";
import { connected } from "../standalone/connected.ts";

let open: Line[] = [];
afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  open = [];
});

const levels = 100_000;
const deep = `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;
const page = `{"items":[{"id":${deep},"at":1}],"next":${deep}}`;
const keyed = "pagination: { type: cursor, cursor_path: $.none, cursor_param: at, primary_key:";
const kinds = [
  ["a primary key", `${keyed} id }`],
  ["one of two fields of a primary key", `${keyed} [at, id] }`],
  [
    "a cursor",
    "method: POST\npagination: { type: cursor, cursor_path: $.next, cursor_param: at, cursor_location: body }",
  ],
] as const;
const fields = "endpoint: /x\nresponse: { records_path: $.items }\n";
const told = {
  code: "response_invalid",
  phase: "pagination",
  message: expect.stringMatching(/(?:primary key|cursor) in the answer .*nest.* deep/),
};
const reply = { text: page, headers: { "content-type": "application/json" } };

describe.each(kinds)("%s that nests 100,000 deep", (_, pagination) => {
  it("is response_invalid", async () => {
    const made = await line(operation(fields + pagination), { "* /x": reply });
    open.push(made);
    await expect(made.connection.pages("op").next()).rejects.toMatchObject(told);
  });

  it("is response_invalid in a standalone client", async () => {
    const [, operations = ""] = operation(fields + pagination).split("authentication:");
    const { connection } = await connected(`authentication:${operations}`, { "* /x": reply }, {});
    await expect(connection.pages("op").next()).rejects.toMatchObject(told);
  });
});

it("a cursor of 500 levels is sent back as it is", async () => {
  const cursor = `${'{"a":'.repeat(500)}1${"}".repeat(500)}`;
  const sent: string[] = [];
  const made = await line(operation(fields + kinds[2][1]), {
    "* /x": ({ text }, { count }) => {
      sent.push(text);
      return {
        text: count === 1 ? `{"items":[1],"next":${cursor}}` : '{"items":[2]}',
        headers: reply.headers,
      };
    },
  });
  open.push(made);
  const records: unknown[] = [];
  for await (const record of made.connection.records("op")) records.push(record);
  expect([records, sent[1]]).toEqual([[1, 2], `{"at":${cursor}}`]);
});
