import { expect, it } from "vitest";
import { compileText } from "../../compiler/compile.ts";
import type { Diagnostic } from "../../schema/diagnostic.ts";

const shop = `metadata: { name: Shop, slug: shop, description: Orders of a shop., publisher: Example }
base_url: https://{region}.shop.example.com/v1
connection_config:
  - { key: region, label: Area, enum: [eu, us] }
schemas:
  Order: { type: object, properties: { id: { type: string } } }
authentication:
  - type: bearer
    profile_id: agent
    fields: [{ key: token, label: Key, field_type: secret }]
    test_endpoint: { url: "https://{region}.shop.example.com/me" }
  - type: api_key
    profile_id: machine
    fields: [{ key: api_key, label: Key, field_type: secret }]
    auth_headers: { X-Key: "{api_key}", X-Region: "{region}" }
operations:
${["first", "second", "third", "fourth", "fifth"]
  .map(
    (name) => `  - operation_id: ${name}
    endpoint: /${name}
    summary: Read the ${name} one
    auth_type_ref: [agent, machine]
    response_schema: { $ref: "#/schemas/Order" }
`,
  )
  .join("")}`;

async function findings(text: string): Promise<readonly Diagnostic[]> {
  return (await compileText(text)).diagnostics;
}

function brief({ range, rule, suggestion }: Diagnostic): string {
  return `${range.start.line} ${rule} ${suggestion?.text}`;
}

it("is a descriptor without findings before anything is misspelt", async () => {
  expect((await findings(shop)).map(brief)).toEqual([]);
});

it.each([
  ["a profile", "profile_id: agent", "profile_id: aegnt", "9 reference/unknown-profile agent"],
  ["in quotes", "profile_id: agent", 'profile_id: "aegnt"', '9 reference/unknown-profile "agent"'],
  ["a schema", "  Order:", "  Odrer:", "6 reference/unknown-schema Order"],
  ["a setting", "key: region", "key: regoin", "4 template/unknown-name region"],
])("a misspelt declaration is told once, and what refers to it with it: %s", async (_, find, put, told) => {
  const [finding, ...others] = await findings(shop.replace(find, () => put));
  expect(others).toEqual([]);
  expect(finding && brief(finding)).toBe(told);
  expect(finding?.fix, "which of the two names is right is a guess").toBeUndefined();
});

it("says how many places refer to it, shows three of them, and how many it does not show", async () => {
  const [finding] = await findings(shop.replace("profile_id: agent", "profile_id: aegnt"));
  expect(finding).toMatchObject({
    message: "Nothing refers to `aegnt`, but 5 places refer to `agent`, which is not known there.",
    help: "Did you mean `agent` here?",
  });
  expect(finding?.related?.map(({ message, range }) => `${range.start.line} ${message}`)).toEqual([
    "20 `agent` is referred to here",
    "25 `agent` is referred to here",
    "30 and here; 2 more are not shown",
  ]);
});

it("a single reference is told where it is: either end may be the misspelt one", async () => {
  const [, ...rest] = shop.split("auth_type_ref: [agent, machine]");
  const text = `${shop.split("auth_type_ref: [agent, machine]")[0]}auth_type_ref: [agnet, machine]${rest.join("auth_type_ref: [agent, machine]")}`;
  expect((await findings(text)).map(brief)).toEqual(["20 reference/unknown-profile agent"]);
});

it("a declaration that something refers to is right, and each reference that does not is told", async () => {
  let count = 0;
  const text = shop.replaceAll("[agent,", () => (count++ < 2 ? "[agnet," : "[agent,"));
  expect((await findings(text)).map(brief)).toEqual([
    "20 reference/unknown-profile agent",
    "25 reference/unknown-profile agent",
  ]);
});

it("a name that a type brings along is no misspelt declaration", async () => {
  const text = shop
    .replace("    fields: [{ key: token, label: Key, field_type: secret }]\n", "")
    .replace("    test_endpoint:", '    auth_headers: { A: "{tokn}", B: "{tokn}" }\n    test_endpoint:');
  expect((await findings(text)).map(brief)).toEqual([
    "10 template/unknown-name {token}",
    "10 template/unknown-name {token}",
  ]);
});

it("what stands at an anchor is declared once, for whoever takes it over", async () => {
  const text = shop
    .replace("fields: [{ key: api_key", "fields: &keys [{ key: api_kye")
    .replace("fields: [{ key: token, label: Key, field_type: secret }]", "fields: []")
    .replace(
      "operations:",
      '  - { type: bearer, profile_id: robot, fields: *keys, auth_headers: { K: "{api_key}" } }\noperations:',
    )
    .replaceAll("machine]", "machine, robot]")
    .replace("    fields: []\n", "");
  expect((await findings(text)).map(brief)).toEqual(["13 template/unknown-name api_key"]);
});
