/** Null for what a call has to give. */
import { afterEach, expect, test } from "vitest";
import { json } from "../../../runtime/testing/index.ts";
import { type Line, line, operation } from "../../support/line.ts";

let made: Line | undefined;
afterEach(async () => {
  await made?.close();
  made = undefined;
});

/** The body that arrived. */
async function sent(schema: string, values: Readonly<Record<string, unknown>>): Promise<string | undefined> {
  made = await line(
    operation(
      `endpoint: /rows\nmethod: POST\nparameters: [{ name: owner, location: body, required: true${schema} }]`,
    ),
    { "POST /rows": json({}) },
  );
  await made.connection.call("op", values);
  return made.server.requests[0]?.body.toString();
}

const nullable = ', schema: { type: [string, "null"] }';

test("a required member whose schema takes null goes out as null", async () => {
  expect(await sent(nullable, { owner: null })).toBe('{"owner":null}');
});

test.each([
  ["is not given, though null would do", nullable, {}, 'Parameter "owner" is required.'],
  [
    "is null, which its schema does not take",
    ", schema: { type: string }",
    { owner: null },
    "cannot be null",
  ],
  ["is null and has no schema", "", { owner: null }, "cannot be null"],
])("a required member that %s is refused before anything is sent", async (_, schema, values, message) => {
  await expect(sent(schema, values)).rejects.toMatchObject({
    code: "invalid_parameters",
    message: expect.stringContaining(message),
  });
  expect(made?.server.requests).toEqual([]);
});
