import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { emitMcp, mcpFiles } from "../../../../compiler/emit/mcp/index.ts";
import { mcpTools } from "../../../../compiler/emit/mcp/tools.ts";
import { emitMcpb } from "../../../../compiler/emit/mcpb/index.ts";
import type { Connector, McpServer } from "../../../../schema/ir.ts";
import { argumentName, toolName } from "../../../../schema/mcp/names.ts";
import { shipped, shippedIr } from "../../../descriptors/shipped.ts";
import { connector, operation, parameter } from "../support/ir.ts";

const server: McpServer = { enabled: true, server_name: "desk", server_description: "A desk.", tools: [] };

const desk: Connector = connector({
  mcp: server,
  schemas: { Node: { type: "object", properties: { next: { $ref: "#/schemas/Node" } } } },
  operations: [
    operation("list_items", {
      description: "Lists them all.",
      parameters: [
        parameter("filter[state]", { required: true, description: "Which ones." }),
        parameter("size", { type: "integer", default: 50, required: true }),
      ],
    }),
    operation("put_item", {
      side_effecting: true,
      destructive: true,
      idempotent: true,
      parameters: [
        parameter("node", { type: "object", location: "body", schema: { $ref: "#/schemas/Node" } }),
      ],
    }),
    operation("old", { deprecated: true }),
  ],
});

describe("the MCP tools of a connector", () => {
  it("are all operations that are not deprecated, where none is mapped", () => {
    const [list, put, ...others] = mcpTools(desk);
    expect(others).toEqual([]);
    const filter = argumentName("filter[state]");
    expect(filter).toMatch(/^filter_state_[0-9a-f]{6}$/);
    expect(list).toEqual({
      name: "list_items",
      title: "Runs list_items",
      description: "Runs list_items. Lists them all.",
      inputSchema: {
        type: "object",
        properties: {
          [filter]: { type: "string", description: "Which ones." },
          size: { type: "integer", default: 50 },
          cursor: expect.anything(),
          fields: expect.anything(),
        },
        required: [filter],
      },
      annotations: { readOnlyHint: true },
      _meta: {
        "connectorc/operation": "list_items",
        "connectorc/arguments": { [filter]: "filter[state]" },
        "connectorc/controls": { cursor: "cursor", fields: "fields" },
      },
    });
    expect(put).toMatchObject({
      annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true },
      inputSchema: {
        properties: { node: { $ref: "#/$defs/Node" } },
        $defs: { Node: { properties: { next: { $ref: "#/$defs/Node" } } } },
      },
    });
  });

  it("are those that the descriptor maps, under its names", () => {
    const tool = {
      operation: "list_items",
      name: "find",
      description: "Finds.",
      parameters: { size: "count" },
    };
    const [find, ...others] = mcpTools({ ...desk, mcp: { ...server, tools: [tool] } });
    expect(others).toEqual([]);
    expect(find).toMatchObject({
      name: "find",
      description: "Finds.",
      _meta: { "connectorc/arguments": { count: "size" } },
    });
  });

  it("are refused, with what to do, where the descriptor offers none", async () => {
    const off = { ...desk, mcp: { ...server, enabled: false } };
    expect(mcpFiles(off)).toEqual([]);
    await expect(emitMcp(off)).rejects.toThrow(
      /acme-desk offers no MCP tools; set `mcp_config.enabled: true`/,
    );
  });

  it.each([
    [
      "a summary that is turned around",
      operation("list", { summary: "List \u202eall" }),
      "/title has the character U+202E",
    ],
    [
      "a value that nobody sees",
      operation("list", { parameters: [parameter("state", { schema: { enum: ["o\u200bpen"] } })] }),
      "/inputSchema/properties/state/enum/0 has the character U+200B",
    ],
  ])("are refused where no server would serve them: %s", async (_, poisoned, said) => {
    const ir = { ...desk, operations: [poisoned] };
    await expect(emitMcp(ir)).rejects.toThrow(said);
    const unread = (): Promise<never> => Promise.reject(new Error("made a bundle"));
    await expect(emitMcpb(ir, undefined, unread)).rejects.toThrow(said);
  });

  it.each([
    ["issues/list", /^issues_list_[0-9a-f]{6}$/],
    ["日本", /^_[0-9a-f]{6}$/],
    ["a".repeat(80), /^a{57}_[0-9a-f]{6}$/],
    ["list-issues_2", /^list-issues_2$/],
  ])("have names that clients take: %s", (id, name) => {
    expect(toolName(id)).toMatch(name);
  });

  it("have names that depend on nothing but their own text, and so do not collide", () => {
    const ids = ["a b", "a_b", "a/b", "a.b"];
    expect(new Set(ids.map(toolName)).size).toBe(ids.length);
    expect(ids.toReversed().map(toolName).toReversed()).toEqual(ids.map(toolName));
  });

  it.each(shipped)("hold to what clients demand, for %s", async (name) => {
    const ir = await shippedIr(name);
    const [file] = mcpFiles({ ...ir, mcp: ir.mcp ?? server });
    const manifest = JSON.parse(file?.text ?? "{}");
    expect(manifest.tools.length).toBeGreaterThan(0);
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    for (const { name: tool, inputSchema } of manifest.tools) {
      expect(tool).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
      expect(inputSchema).toMatchObject({ type: "object" });
      for (const key of Object.keys(inputSchema.properties)) expect(key).toMatch(/^[a-zA-Z0-9_.-]{1,64}$/);
      for (const key of ["oneOf", "anyOf", "allOf"]) expect(inputSchema).not.toHaveProperty(key);
      expect(() => ajv.compile(inputSchema)).not.toThrow();
    }
  });
});
