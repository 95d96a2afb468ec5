import { afterEach, expect, test } from "vitest";
import { json, type Routes, status } from "../../../runtime/testing/index.ts";
import { descriptor, type Line, line } from "../../support/line.ts";

let made: Line | undefined;
afterEach(async () => {
  await made?.close();
  made = undefined;
});

const yaml = descriptor(
  `operations:
  - operation_id: op
    summary: Pages
    endpoint: /x
    auth_type_ref: p
    retry: { max_attempts: 1 }
    response: { records_path: "$.items" }
    pagination: { type: cursor, next_url_path: "$.next" }`,
  "  - { type: api_key, profile_id: p, fields: [{ key: k, label: K, secret: true }], auth_query: { api key: '{k}' } }",
);
const secret = "CaNaRy+/=one";
/** All that a cursor holds, its base64 undone. */
const open = (cursor: string | undefined): string => `${cursor} ${Buffer.from(cursor ?? "", "base64url")}`;

test.each([
  ["as we do", "api%20key"],
  ["as a form", "api+key"],
  ["with escapes of its own", "%61pi%20ke%79"],
])("no cursor holds the key that a next URL repeats, its name spelt %s", async (_, name) => {
  const routes: Routes = {
    "GET /x": ({ query }) =>
      query.get("page") === "3"
        ? status(400, { message: "no such page" })
        : json({
            items: [query.get("page") ?? "1"],
            next: `/x?page=${Number(query.get("page") ?? 1) + 1}&${name}=${encodeURIComponent(secret)}`,
          }),
  };
  made = await line(yaml, routes, { connect: { credentials: { k: secret } } });
  const cursors: (string | undefined)[] = [];
  const reading = (async () => {
    for await (const page of made.connection.pages("op")) cursors.push(page.cursor);
  })();
  await expect(reading).rejects.toMatchObject({ status: 400, cursor: expect.any(String) });
  const error = await reading.catch((thrown) => thrown);
  cursors.push(error.cursor);
  expect(cursors).toHaveLength(3);
  for (const cursor of cursors) {
    expect(open(cursor)).toContain('"url"');
    expect(open(cursor)).not.toMatch(/CaNaRy/);
  }
  // The key goes once, and is our own.
  expect(made.server.requests.map(({ query }) => query.getAll("api key"))).toEqual(Array(3).fill([secret]));
});
