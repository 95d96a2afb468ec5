import { expect, test } from "vitest";
import { compileText } from "../../compiler/compile.ts";

/** Schema files by their names, beside the descriptor. */
async function responseOf(reference: string, files: Readonly<Record<string, string>>): Promise<unknown> {
  const { connectors, diagnostics } = await compileText(
    `metadata: { name: Test, slug: test, description: An API for tests., publisher: Tests }
authentication: [{ type: none }]
operations:
  - { operation_id: op, summary: One, endpoint: "https://api.example.com/x", auth_type_ref: none, response_schema: { $ref: "${reference}" } }
`,
    {
      host: {
        readText: async (path) => {
          const text = files[path];
          return text === undefined ? { problem: "there is no such file." } : { text };
        },
      },
    },
  );
  const ir = connectors[0]?.ir;
  if (!ir) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return { response: ir.operations[0]?.exchange.response.schema, schemas: ir.schemas };
}

test("a reference to an anchor of a schema file leads to its place in the bundle", async () => {
  expect(
    await responseOf("ticket.json#id", {
      "ticket.json":
        '{ "$defs": { "a/b": { "$anchor": "id", "type": "string" } }, "items": { "$ref": "#id" } }',
    }),
  ).toEqual({
    response: { $ref: "#/schemas/ticket/$defs/a~1b" },
    schemas: {
      ticket: {
        $defs: { "a/b": { $anchor: "id", type: "string" } },
        items: { $ref: "#/schemas/ticket/$defs/a~1b" },
      },
    },
  });
});

test("a pointer and a whole file stay what they are", async () => {
  expect(
    await responseOf("ticket.json#/$defs/id", { "ticket.json": '{ "$defs": { "id": {} } }' }),
  ).toMatchObject({
    response: { $ref: "#/schemas/ticket/$defs/id" },
  });
  expect(await responseOf("ticket.json", { "ticket.json": "{}" })).toMatchObject({
    response: { $ref: "#/schemas/ticket" },
  });
});
