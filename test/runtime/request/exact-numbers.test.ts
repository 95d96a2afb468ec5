/** A number that an answer brought goes back with every digit. */
import { afterEach, expect, test } from "vitest";
import { type Line, line, operation } from "../../support/line.ts";

let made: Line | undefined;
afterEach(async () => {
  await made?.close();
  made = undefined;
});

test.each(["integer", "number"])("an id past 2^53 as a parameter of type %s", async (type) => {
  made = await line(
    operation(
      `endpoint: /x\nmethod: POST\nparameters: [{ name: id, location: body, field_type: ${type} }, { name: q, location: query, field_type: ${type} }]`,
    ),
    { "POST /x": { headers: { "content-type": "application/json" }, text: '{"id":-12345678901234567890}' } },
  );
  const { data } = await made.connection.call("op", {});
  expect(data).toEqual({ id: "-12345678901234567890" });
  await made.connection.call("op", { id: "-12345678901234567890", q: "12345678901234567" });
  const [, second] = made.server.requests;
  expect(second?.target).toBe("/x?q=12345678901234567");
  expect(second?.text).toBe('{"id":-12345678901234567890}');
});
