import { inspect } from "node:util";
import { afterEach, describe, expect, test } from "vitest";
import { json } from "../../../runtime/testing/index.ts";
import { descriptor, type Line, line } from "../../support/line.ts";

let open: Line[] = [];
afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  open = [];
});

/** A field that is bound, as the part of a host is. */
async function connect(bound: string, given: unknown): Promise<Line> {
  const made = await line(
    descriptor(
      "operations: [{ operation_id: op, summary: One, endpoint: /x, auth_type_ref: p }]",
      `  - { type: api_key, profile_id: p, fields: [{ key: k, label: K, secret: true, ${bound} }], auth_headers: { X-K: "{k}" }, test_endpoint: { url: /x } }`,
    ),
    { "GET /x": json(1) },
    {
      connect: {
        credentials: typeof given === "function" ? () => ({ k: given() }) : { k: given },
      },
    },
  );
  open.push(made);
  return made;
}

describe("a credential field", () => {
  test.each([
    ["pattern", "pattern: '[a-z]+'", "abc", "canary.evil"],
    ["pattern that must match the whole value", "pattern: 'a|ab'", "ab", "xab-canary"],
    ["format", "format: subdomain", "acme", "canary.evil/x"],
    ["enum", "enum: [eu, us]", "eu", "canary"],
  ])("with a %s takes what fits and refuses the rest, without showing it", async (_, bound, good, bad) => {
    const made = await connect(bound, good);
    expect(await made.connection.call("op")).toMatchObject({ data: 1 });
    expect(await made.connection.call("op")).toMatchObject({ data: 1 });
    for (const given of [bad, () => bad]) {
      const failed = await connect(bound, given)
        .then(({ connection }) => connection.call("op"))
        .catch((error: unknown) => error);
      expect(failed).toMatchObject({
        code: "configuration",
        message: expect.stringContaining('Credential "k" of profile "p"'),
      });
      expect(inspect(failed, { depth: 9 })).not.toContain("canary");
    }
    expect(open.slice(1).flatMap(({ server }) => server.requests)).toEqual([]);
  });

  test("with a pattern guards a check as well as calls", async () => {
    const made = await connect("pattern: '[a-z]+'", "BAD");
    expect(await made.connection.check()).toMatchObject({
      ok: false,
      error: { code: "configuration", message: expect.stringContaining("pattern") },
    });
    expect(made.server.requests).toHaveLength(0);
  });
});
