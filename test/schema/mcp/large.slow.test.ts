import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { toolDefinitions } from "../../../schema/mcp/tool.ts";
import { toolTextFault } from "../../../schema/mcp/tool-text.ts";
import { connector } from "../../compiler/emit/support/ir.ts";
import { vendorDocument } from "../../descriptors/vendor-document.ts";
import { naiveBytes, openApiIr } from "../../support/openapi-ir.ts";
import { clientComplaints } from "./strict-client.ts";

/** Documents of hundreds of operations, and what their tools may take of what the common mapping takes. */
const documents = [
  ["github.json", 0.2],
  ["stripe.yaml", 0.01],
  ["discord.json", 0.12],
  ["box.json", 0.13],
] as const;

describe("the tools of large connectors", () => {
  it.each(documents)("of %s are all there, and no strict client refuses one", (file, most) => {
    const path = vendorDocument(file);
    if (path === undefined) return;
    const text = readFileSync(path, "utf8");
    const document = file.endsWith(".json") ? JSON.parse(text) : parse(text, { maxAliasCount: -1 });
    const api = openApiIr(document);
    const tools = toolDefinitions(
      connector({
        ...api,
        mcp: { enabled: true, server_name: "large", server_description: "Large.", tools: [] },
      }),
    );
    expect(tools.map(({ operation }) => operation.id)).toEqual(api.operations.map(({ id }) => id));
    expect(tools.flatMap(({ text: one }) => toolTextFault(one) ?? [])).toEqual([]);
    expect(clientComplaints(tools.map(({ text: one }) => one))).toEqual([]);
    const bytes = tools.reduce((sum, one) => sum + Buffer.byteLength(JSON.stringify(one.text)), 0);
    const naive = naiveBytes(api);
    console.info(`${file}: ${tools.length} tools, ${bytes} bytes, ${(bytes / naive).toFixed(3)} of ${naive}`);
    expect(bytes / naive).toBeLessThan(most);
  });
});
