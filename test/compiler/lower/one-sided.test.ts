/** What only one side sets is not asked of the other, wherever the schema says so: `compiler/lower/one-sided.ts`. */
import { afterEach, describe, expect, it } from "vitest";
import { emitTypeScript } from "../../../compiler/emit/typescript/index.ts";
import { json } from "../../../runtime/testing/index.ts";
import type { Connector } from "../../../schema/ir.ts";
import { toolDefinitions } from "../../../schema/mcp/tool.ts";
import { descriptor, type Line, line } from "../../support/line.ts";

let open: Line | undefined;
afterEach(() => open?.close());

const shared = `
schemas:
  Id: { type: string, readOnly: true }
  Base:
    type: object
    required: [id, name]
    properties: { id: { type: string, readOnly: true }, name: { type: string } }
  Tree: { allOf: [{ $ref: "#/schemas/Base" }], required: [id], properties: { kid: { $ref: "#/schemas/Tree" } } }
  Secret:
    allOf: [{ type: object, properties: { pin: { type: string, writeOnly: true } } }]
    required: [pin]
`;

async function lineOf(schema: string): Promise<Line> {
  open = await line(
    descriptor(`${shared}
operations:
  - operation_id: op
    endpoint: /x
    method: POST
    summary: Send a pet
    auth_type_ref: none
    parameters: [{ name: pet, location: body, required: true, field_type: object, schema: ${schema} }]
    response_schema: { $ref: "#/schemas/Secret" }
`),
    { "POST /x": json({}) },
  );
  return open;
}

async function petType(ir: Connector): Promise<string> {
  const files = await emitTypeScript(ir);
  return files.find(({ path }) => path.endsWith("types.ts"))?.text ?? "";
}

describe("a property that only the server sets is asked of no caller, where", () => {
  it.each([
    ["it stands beside what is required", '{ $ref: "#/schemas/Base" }'],
    [
      "it stands in a part, and is required of the whole",
      '{ allOf: [{ $ref: "#/schemas/Base" }], required: [id, name] }',
    ],
    [
      "it stands in one part, and is required in another",
      '{ allOf: [{ $ref: "#/schemas/Base" }, { type: object, required: [id] }] }',
    ],
    [
      "an alternative requires it",
      "{ type: object, properties: { id: { type: string, readOnly: true }, name: { type: string } }, anyOf: [{ required: [id] }, { required: [name] }] }",
    ],
    [
      "what it refers to says so",
      '{ type: object, required: [id, name], properties: { id: { $ref: "#/schemas/Id" }, name: { type: string } } }',
    ],
    [
      "what it is made of says so",
      '{ type: object, required: [id], properties: { id: { allOf: [{ $ref: "#/schemas/Id" }] }, name: { type: string } } }',
    ],
    ["the schema contains itself", '{ $ref: "#/schemas/Tree" }'],
  ])("%s", async (_, schema) => {
    const { connection, ir, server } = await lineOf(schema);
    expect(JSON.stringify(toolDefinitions(ir)[0]?.text.inputSchema)).not.toContain('"id"');
    const types = await petType(ir);
    expect(types.slice(types.indexOf("OpParams"))).not.toMatch(/\bid\??:/);
    // Nor does the answer lack what only the caller sets.
    expect(await connection.attempt("op", { pet: { name: "Rex" } })).toMatchObject({
      ok: true,
      value: { warnings: [] },
    });
    expect(server.requests[0]?.body.toString()).toBe('{"pet":{"name":"Rex"}}');
  });

  it("it is required and nothing of the kind is said, it is asked for", async () => {
    const { connection } = await lineOf('{ allOf: [{ $ref: "#/schemas/Base" }], required: [tail] }');
    expect(await connection.attempt("op", { pet: { name: "Rex" } })).toMatchObject({
      ok: false,
      error: {
        code: "invalid_parameters",
        message: expect.stringContaining('lacks the required property "tail"'),
      },
    });
  });
});
