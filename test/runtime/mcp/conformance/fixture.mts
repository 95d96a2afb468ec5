import { readFileSync } from "node:fs";
import { irOf } from "../../../support/line.ts";
import { createRuntime } from "../../../../runtime/index.ts";
import { createToolServer, type ToolServer } from "../../../../runtime/mcp/index.ts";
import { startServer } from "../../../../runtime/testing/index.ts";

const picture =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC";
/** RIFF head of a sound without samples. */
const sound = "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=";

const bytes = (base64: string, type: string) => ({
  bytes: Buffer.from(base64, "base64"),
  headers: { "content-type": type },
});

/** The tools of the fixture over its own upstream. */
export interface Fixture {
  readonly tools: ToolServer;
  close(): Promise<void>;
}

export async function createFixture(): Promise<Fixture> {
  const upstream = await startServer({
    "GET /simple-text": { text: "This is a simple text response for testing." },
    "GET /image": bytes(picture, "image/png"),
    "GET /audio": bytes(sound, "audio/wav"),
    "GET /document": { text: "A document.", headers: { "content-type": "text/plain" } },
    "GET /error": { status: 400, json: { message: "This fails on purpose." } },
    "GET /slow": { json: { done: true }, delayMs: 300 },
    "POST /people": { json: { made: true } },
  });
  const ir = await irOf(readFileSync(new URL("fixture.yaml", import.meta.url), "utf8"));
  const runtime = createRuntime({ network: { allow: [upstream.host] } });
  const connection = runtime.connect(ir, { config: { base_url: upstream.origin } });
  const tools = createToolServer({
    connectors: [{ ir, connection }],
    select: { allowWrites: true },
    progressMs: 20,
  });
  return {
    tools,
    close: async () => {
      await runtime.close();
      await upstream.close();
    },
  };
}
