/** A definition that delegates to an MCP server: each of its tools is a call of JSON-RPC over HTTP. */
import type { Operation } from "../../../schema/descriptor.ts";
import { ImportFailure } from "../importer.ts";
import { Names, snakeCase } from "../names.ts";
import type { Notes } from "../notes.ts";
import { type DataMap, mapAt, textAt } from "../plain-data.ts";
import type { Meanings } from "../request/meanings.ts";
import { literal } from "../request/mustache.ts";
import { addressesOf } from "../request/urls.ts";

export function mcpOperations(
  config: DataMap,
  profile: string,
  wanted: (names: readonly string[]) => boolean,
  meanings: Meanings,
  notes: Notes,
): { readonly operations: Operation[]; readonly found: number; readonly baseUrl: string | undefined } {
  const url = textAt(config, "serverUrl");
  if (url === undefined)
    throw new ImportFailure("the definition delegates to an MCP server, and names no `mcpConfig.serverUrl`");
  const addresses = addressesOf([url], meanings);
  const tools = Object.entries(mapAt(config, "tools")).filter(
    ([name, tool]) => typeof tool === "string" && wanted([name]),
  );
  const ids = new Names();
  const operations = tools.map(([name, tool]): Operation => {
    const operation: Operation = {
      operation_id: ids.take(snakeCase(name) || "tool"),
      endpoint: addresses.endpoint(url),
      method: "POST",
      summary: `Call the tool ${String(tool)}`.slice(0, 200),
      ...(name === "deliver" ? {} : { side_effecting: false }),
      auth_type_ref: profile,
      headers: { Accept: "application/json, text/event-stream" },
      parameters: [
        {
          name: "arguments",
          location: "body",
          field_type: "object",
          description: "Arguments of the tool.",
          default_value: {},
        },
      ],
      body: {
        jsonrpc: "2.0",
        id: "{uuid()}",
        method: "tools/call",
        params: { name: literal(String(tool)), arguments: "{arguments}" },
      },
      // An error of JSON-RPC comes with the status of a success.
      errors: [{ when: { json: { path: "$.error", exists: true } }, action: "fail", code: "mcp_error" }],
    };
    return operation;
  });
  const [first] = operations;
  if (first)
    notes.lose(
      "/mcpConfig",
      `Tools are called without a session and read as JSON, since the definition names tools and does not hold what they say of themselves, which \`mcp_upstream\` locks. To call them typed, locked and with sessions, ask the server: connector import mcp URL${tools.map(([, tool]) => selecting(String(tool))).join("")}`,
      first,
    );
  return { operations, found: tools.length, baseUrl: addresses.baseUrl };
}

/** Only what a shell takes as it stands. */
function selecting(tool: string): string {
  return /^[\w./-]+$/.test(tool) ? ` --select ${tool}` : "";
}
