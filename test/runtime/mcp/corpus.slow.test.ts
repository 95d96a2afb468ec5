/**
 * Connectors of many operations, imported from the documents that their publishers give out: every operation is a tool,
 * every tool is one that strict clients take, and all of them take a fraction of what a mapping word by word would.
 */
import { existsSync, readFileSync } from "node:fs";
import { CallToolRequestSchema, ToolSchema } from "@modelcontextprotocol/sdk/types.js";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { importDocument } from "../../../compiler/import/import.ts";
import { readSource } from "../../../compiler/import/read-source.ts";
import { compile } from "../../../compiler/index.ts";
import { createToolServer, type ListedTool, reportTools } from "../../../runtime/mcp/index.ts";
import { naiveBytes } from "./naive-mapping.ts";
import { toolFaults } from "./tool-faults.ts";

const corpus = new URL("../../../../shared/corpus/openapi/", import.meta.url);
if (!existsSync(corpus)) console.warn("the corpus of OpenAPI documents is not beside the checkout: skipped");

describe.skipIf(!existsSync(corpus)).each(["github.json"])(
  "the tools of %s",
  { timeout: 300_000 },
  (file) => {
    it("are all there, are taken by strict clients, and are small", async () => {
      const bytes = readFileSync(new URL(file, corpus));
      const { connectors } = await importDocument({ name: file, bytes, select: [], mcp: ["*"] });
      const [made] = connectors;
      const [main, ...beside] = made?.files ?? [];
      const { ir, diagnostics } = await compile(main?.text ?? "", {
        host: {
          readText: async (path) => {
            const found = beside.find((one) => one.path === path.replace(/^\.\//, ""));
            return found ? { text: found.text } : { problem: `there is no ${path}` };
          },
        },
      });
      expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
      const connection = (): never => {
        throw new Error("nothing is called");
      };
      const { tools, instructions } = createToolServer({
        connectors: [{ ir, connection }],
        select: { allowWrites: true },
        force: true,
      });
      expect(tools.length).toBe(ir?.operations.length);
      expect(tools.length).toBe(made?.operations.carried);
      const ajv = new Ajv2020({ strict: false, validateFormats: false });
      expect(tools.flatMap((tool) => toolFaults(tool, ajv))).toEqual([]);
      expect(tools.flatMap((tool) => refusal(tool))).toEqual([]);
      const { bytes: ours, tokens } = reportTools(tools, instructions);
      const read = readSource(bytes);
      const naive = "data" in read ? naiveBytes(read.data) : { inputs: 0, whole: 0 };
      const { bytes: inputs } = reportTools(
        tools.map(({ outputSchema: _, ...tool }) => tool),
        instructions,
      );
      console.info(
        `${file}: ${tools.length} tools, ${ours} bytes (${tokens} tokens) of ${naive.whole}; without answers ${inputs} of ${naive.inputs}`,
      );
      expect(ours).toBeLessThan(naive.whole / 5);
      expect(ours).toBeLessThan(naive.inputs * 0.65);
    });
  },
);

/** What the schemas of the official client of the first generation say. */
function refusal(tool: ListedTool): readonly string[] {
  const listed = ToolSchema.safeParse(tool);
  const called = CallToolRequestSchema.safeParse({
    method: "tools/call",
    params: { name: tool.name, arguments: {} },
  });
  return listed.success && called.success
    ? []
    : [`${tool.name}: ${listed.error?.message ?? called.error?.message}`];
}
