/** Tools of another MCP server, served again. */
import { describe, expect, it, onTestFinished } from "vitest";
import { createRuntime } from "../../../runtime/index.ts";
import { createToolServer, serveToolsOverHttp } from "../../../runtime/mcp/index.ts";
import { irOf } from "../../support/line.ts";
import { overHttp, shop, statelessServer, type UpstreamStage } from "../upstream/support.ts";
import { callTool, clientOf } from "./support.ts";

const png = Buffer.from("a picture").toString("base64");
const many = Buffer.alloc(60_000, 7).toString("base64");

/** A client of a server that serves the tools of `upstream` again. */
async function again(upstream: UpstreamStage) {
  const ir = await irOf(shop(overHttp));
  const runtime = createRuntime({ network: { allow: [upstream.host] } });
  const connection = runtime.connect(ir, { config: { base_url: upstream.url } });
  const tools = createToolServer({ connectors: [{ ir, connection }], force: true });
  const serving = await serveToolsOverHttp(tools);
  onTestFinished(async () => {
    await serving.close();
    await runtime.close();
  });
  return clientOf(serving.url);
}

describe("a tool of another server that answers in several blocks", () => {
  it("shows pictures, keeps other bytes behind links of ours, and says all of it as structure", async () => {
    const client = await again(
      await statelessServer(() => ({
        content: [
          { type: "text", text: "Two orders." },
          { type: "image", data: png, mimeType: "image/png" },
          { type: "resource", resource: { uri: "file:///x", mimeType: "application/pdf", blob: png } },
          { type: "image", data: many, mimeType: "image/png" },
        ],
      })),
    );
    const { isError, structured, content } = await callTool(client, "count", {});
    expect(isError).toBe(false);
    const [text, ...blocks] = content;
    expect(JSON.parse((text as unknown as { text: string }).text)).toEqual(structured);
    expect(structured.content).toEqual([
      { type: "text", text: "Two orders." },
      { type: "image", resource: expect.any(String), media_type: "image/png", bytes: 9 },
      { type: "resource", resource: expect.any(String), media_type: "application/pdf", bytes: 9 },
      { type: "image", resource: expect.any(String), media_type: "image/png", bytes: 60_000 },
    ]);
    expect(blocks).toMatchObject([
      { type: "image", data: png, mimeType: "image/png" },
      { type: "resource_link", mimeType: "application/pdf", size: 9 },
      { type: "resource_link", mimeType: "image/png", size: 60_000 },
    ]);
    const [, { uri }] = blocks as unknown as [unknown, { uri: string }];
    expect(uri).toMatch(/^connectorc:\/\/shop\//);
    const { contents } = await client.readResource({ uri });
    expect(contents).toMatchObject([{ blob: png, mimeType: "application/pdf" }]);
  });

  it("fits into an answer, however long its texts are", async () => {
    const client = await again(
      await statelessServer(() => ({
        content: Array.from({ length: 50 }, () => ({ type: "text", text: "x".repeat(4000) })),
      })),
    );
    const { structured } = await callTool(client, "count", {});
    expect(JSON.stringify(structured).length).toBeLessThan(48 * 1024);
    expect(structured._note).toMatch(/too long: cut at content/);
  });
});
