/** Query parameters without a value: `?acl`, not `?acl=`. */
import { afterEach, expect, test } from "vitest";
import { compile } from "../../../compiler/index.ts";
import { json } from "../../../runtime/testing/index.ts";
import { type Line, line, operation } from "../../support/line.ts";

let made: Line | undefined;
afterEach(async () => {
  await made?.close();
  made = undefined;
});

/** The target that the server was asked for. */
async function asked(
  fields: string,
  values: { readonly [name: string]: unknown } = {},
): Promise<string | undefined> {
  made = await line(operation(fields), { "GET /*": json({}) });
  await made.connection.call("op", values);
  return made.server.requests[0]?.target;
}

test.each([
  ["/b?acl", "/b?acl"],
  ["/b?acl=", "/b?acl="],
  ["/b?a=1&acl&page%20no", "/b?a=1&acl&page%20no"],
])("%s goes out as %s", async (endpoint, target) => {
  expect(await asked(`endpoint: "${endpoint}"`)).toBe(target);
});

test("an empty text in `query` keeps its equals sign, and null is no entry", async () => {
  expect(await asked('endpoint: "/b?acl"\nquery: { empty: "", none: null }')).toMatch(
    /^\/b\?(acl&empty=|empty=&acl)$/,
  );
});

const flagged = (more = ""): string =>
  `endpoint: /b\nparameters: [{ name: all, wire_name: "show all", location: query, field_type: boolean, style: flag${more} }]`;

test.each([
  [true, "/b?show%20all"],
  ["true", "/b?show%20all"],
  [false, "/b"],
  [undefined, "/b"],
])("a flag of %s asks for %s", async (all, target) => {
  expect(await asked(flagged(), { all })).toBe(target);
});

test("a runtime that knows no flags refuses the connector", async () => {
  const { ir } = await compile(operation(flagged()));
  expect(ir?.requires).toEqual(["query:flag"]);
});

test("a flag may stand by default, and a call may take it away", async () => {
  expect(await asked(flagged(", default_value: true"))).toBe("/b?show%20all");
  await made?.close();
  expect(await asked(flagged(", default_value: true"), { all: false })).toBe("/b");
});
