/** What an operation sends besides its credential, under the credential's own name. */
import { expect, test } from "vitest";
import { findings, listing, messages } from "../listing.ts";

const shadows = (at: string): readonly unknown[] => [
  { rule: "header/shadows-credential", severity: "error", at },
];
const inQuery = 'endpoint: /tickets\nauth_query: { key: "{api_key}" }\n';
const inCookie = 'endpoint: /tickets\nauth_cookies: { sid: "{api_key}" }\n';

test.each([
  ["a fixed header", 'endpoint: /tickets\nheaders: { x-api-key: "1" }', "x-api-key"],
  [
    "a header parameter",
    "endpoint: /tickets\nparameters: [{ name: X-API-KEY, location: header }]",
    "X-API-KEY",
  ],
  ["a fixed query entry", `${inQuery}query: { key: "1" }`, "key"],
  ["a query parameter", `${inQuery}parameters: [{ name: key, location: query }]`, "key"],
  ["the endpoint's own query", inQuery.replace("/tickets", '"/tickets?key=1"'), '"/tickets?key=1"'],
  ["a cookie parameter", `${inCookie}parameters: [{ name: sid, location: cookie }]`, "sid"],
])("%s that meets the credential", async (_, operation, at) => {
  expect(await findings(listing(operation))).toEqual(shadows(at));
});

test("the key that guards a write, in the header of the credential, would be dropped", async () => {
  const text = listing("endpoint: /tickets\nmethod: POST\nidempotency: { header: x-api-key }");
  expect(await findings(text)).toEqual(shadows("x-api-key"));
  expect(await messages(text)).toEqual([
    "The credential is sent in the header x-api-key: the idempotency key would be dropped, and a repeated write would be done twice.",
  ]);
});

test.each([
  ["header", "endpoint: /tickets", 'defaults: { headers: { X-API-Key: "1" } }', "X-API-Key"],
  ["query entry", inQuery, 'defaults: { query: { key: "1" } }', "key"],
])("a %s of the defaults that meets the credential of an operation", async (_, operation, rest, at) => {
  expect(await findings(listing(operation, rest))).toEqual(shadows(at));
});

test("a header that a signature writes is taken as well", async () => {
  const text = listing("endpoint: /tickets\nheaders: { authorization: mine }").replace(
    /authentication:[\s\S]*?operations:/,
    "authentication:\n  - type: digest\noperations:",
  );
  expect(await findings(text.replace("auth_type_ref: api_key", "auth_type_ref: digest"))).toEqual(
    shadows("authorization"),
  );
});

test.each([
  ["a cookie beside the credential's", `${inCookie}parameters: [{ name: theme, location: cookie }]`, ""],
  ["a query entry that differs in case", `${inQuery}query: { Key: "1" }`, ""],
  [
    "a parameter that a hole places elsewhere",
    `${inQuery}query: { q: "{key}" }\nparameters: [{ name: key, location: query }]`,
    "",
  ],
])("nothing is said where %s", async (_, operation, rest) => {
  expect(await findings(listing(operation, rest))).toEqual([]);
});
