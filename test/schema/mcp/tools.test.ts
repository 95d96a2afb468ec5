import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { argumentName, toolName } from "../../../schema/mcp/names.ts";
import { toolDefinitions } from "../../../schema/mcp/tool.ts";
import { connector, operation, parameter } from "../../compiler/emit/support/ir.ts";
import { clientComplaints } from "./strict-client.ts";

const mcp = { enabled: true, server_name: "desk", server_description: "A desk.", tools: [] };

describe("names of tools and arguments", () => {
  it("are taken by every client, and depend on nothing but their text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 120 }), (text) => {
        expect(toolName(text)).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
        expect(argumentName(text)).toMatch(/^[a-zA-Z0-9_.-]{1,64}$/);
        expect(toolName(text)).toBe(toolName(text));
        expect(toolName(toolName(text))).toBe(toolName(text));
      }),
    );
  });

  it("stay apart where their readable parts are equal", () => {
    const ids = Array.from({ length: 300 }, (_, at) => `issues${"/".repeat((at % 60) + 1)}${at}`);
    expect(new Set(ids.map(toolName)).size).toBe(ids.length);
  });
});

describe("the input schema of a tool", () => {
  const schemas = {
    Money: {
      type: "object",
      properties: { amount: { type: "integer" }, "unit price": { $ref: "#/schemas/Unit" } },
    },
    Unit: { type: "string", enum: ["eur", "usd"], example: "eur" },
    Node: { type: "object", properties: { next: { $ref: "#/schemas/Node" } } },
  } as const;
  const [tool] = toolDefinitions(
    connector({
      mcp,
      schemas,
      operations: [
        operation("pay", {
          side_effecting: true,
          parameters: [
            parameter("money", { type: "object", location: "body", schema: { $ref: "#/schemas/Money" } }),
            parameter("tree", { type: "object", location: "body", schema: { $ref: "#/schemas/Node" } }),
            parameter("size", { type: "integer", default: 50, required: true, example: 20 }),
            parameter("owner", {
              type: "object",
              location: "body",
              schema: {
                type: "object",
                required: ["id", "name"],
                properties: { id: { type: "string", readOnly: true }, name: { type: "string" } },
              },
            }),
            parameter("scan", { type: "file", location: "body" }),
          ],
        }),
      ],
    }),
  );

  it("has what it refers to in place, and keeps what contains itself under its name", () => {
    expect(tool?.text.inputSchema).toMatchObject({
      type: "object",
      properties: {
        money: {
          properties: {
            amount: { type: "integer" },
            [argumentName("unit price")]: { type: "string", enum: ["eur", "usd"], examples: ["eur"] },
          },
        },
        tree: { $ref: "#/$defs/Node" },
      },
      $defs: { Node: { properties: { next: { $ref: "#/$defs/Node" } } } },
    });
    expect(tool?.keys).toEqual({ [argumentName("unit price")]: "unit price" });
  });

  it("keeps defaults and examples, leaves out what only the server sets, and takes files in base64", () => {
    expect(tool?.text.inputSchema).toMatchObject({
      properties: {
        size: { type: "integer", default: 50, examples: [20] },
        owner: { required: ["name"], properties: { name: { type: "string" } } },
        scan: { type: "string", contentEncoding: "base64" },
      },
    });
    expect(JSON.stringify(tool?.text.inputSchema)).not.toContain("readOnly");
    expect(tool?.text.inputSchema).not.toHaveProperty("required");
  });

  it("stays small where its schemas grow without end by being put in place", () => {
    // Each level names the next three times: 3^20 nodes.
    const levels = Object.fromEntries(
      Array.from({ length: 20 }, (_, at) => [
        `L${at}`,
        {
          type: "object",
          properties: Object.fromEntries(
            ["a", "b", "c"].map((key) => [key, { $ref: `#/schemas/L${at + 1}` }]),
          ),
        },
      ]),
    );
    const [wide] = toolDefinitions(
      connector({
        mcp,
        schemas: { ...levels, L20: { type: "string" } },
        operations: [
          operation("wide", {
            parameters: [parameter("top", { type: "object", schema: { $ref: "#/schemas/L0" } })],
          }),
        ],
      }),
    );
    if (!wide) throw new Error("there is one");
    expect(JSON.stringify(wide.text.inputSchema).length).toBeLessThan(16_384);
    expect(JSON.stringify(wide.text.inputSchema)).toContain("What lies deepest is left out.");
    expect(clientComplaints([wide.text])).toEqual([]);
  });
});

describe("the server's own arguments", () => {
  it("give way to parameters of the same name", () => {
    const [tool] = toolDefinitions(
      connector({
        mcp,
        operations: [operation("list", { parameters: [parameter("fields"), parameter("cursor")] })],
      }),
    );
    expect(tool?.controls).toEqual({ cursor: "answer_cursor", fields: "answer_fields" });
  });

  it("are not there where a call could not be repeated", () => {
    const [tool] = toolDefinitions(
      connector({ mcp, operations: [operation("add", { side_effecting: true })] }),
    );
    expect(tool?.controls).toEqual({});
  });
});

describe("the output schema", () => {
  it("tells the members of a record and requires none", () => {
    const [tool] = toolDefinitions(
      connector({
        mcp,
        schemas: {
          Item: { type: "object", required: ["id"], properties: { id: { type: "string" }, sub: {} } },
        },
        operations: [
          operation("list", {
            records: "$.data.items",
            schema: {
              type: "object",
              properties: {
                data: {
                  type: "object",
                  properties: { items: { type: "array", items: { $ref: "#/schemas/Item" } } },
                },
              },
            },
          }),
        ],
      }),
    );
    expect(tool?.text.outputSchema).toEqual({
      type: "object",
      properties: {
        items: { type: "array", items: { properties: { id: {}, sub: {} } } },
        next_cursor: { type: "string" },
      },
    });
  });
});
