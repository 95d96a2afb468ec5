/**
 * The tools of an MCP server: what `connector import mcp` asked of one, or the saved answer of `tools/list`. A tool whose text holds
 * what a reviewer does not see is left out.
 */
import { createHash } from "node:crypto";
import type { AuthProfile, Descriptor, McpUpstream, Operation } from "../../../schema/descriptor.ts";
import { hiddenTextFault } from "../../../schema/mcp/tool-text.ts";
import { type ForeignTool, lockedText, readForeignTool } from "../../../schema/mcp/upstream-tool.ts";
import { mcpOf } from "../api/mcp.ts";
import { type Importer, ImportFailure } from "../importer.ts";
import { Names } from "../names.ts";
import { Notes } from "../notes.ts";
import { at, isMap, listAt, mapAt, textAt } from "../plain-data.ts";
import { metadataOf } from "../request/metadata.ts";
import { literal } from "../request/mustache.ts";
import { createSelection } from "../select.ts";
import { ToolSchemas } from "./schemas.ts";
import { toolOperation } from "./tool-operation.ts";

export const mcp: Importer = {
  recognises: (data) => isMap(at(data, "mcp_server")) && Array.isArray(at(data, "tools")),

  async draft({ data, name }, options) {
    const listed = Array.isArray(at(data, "tools")) ? data : mapAt(data, "result");
    const tools = listAt(listed, "tools").flatMap((entry) => readForeignTool(entry) ?? []);
    if (tools.length === 0) throw new ImportFailure(`${name} lists no tools of an MCP server`);
    const notes = new Notes();
    const wanted = options.select.length > 0 ? createSelection(options.select) : () => true;
    const chosen = tools.filter((tool) => wanted([tool.name]));
    if (chosen.length === 0)
      throw new ImportFailure(`--select ${options.select.join(", ")} matches no tool of ${name}`);
    const server = mapAt(data, "mcp_server");
    const profile: AuthProfile = { type: textAt(data, "auth") === "bearer" ? "bearer" : "none" };
    const schemas = new ToolSchemas();
    const operations = operationsOf(chosen, profile.type, schemas, notes);
    if (operations.length === 0)
      throw new ImportFailure(
        `no tool of ${name} can be carried: ${notes.lost[0]?.message ?? "none is whole"}`,
      );
    const descriptor: Descriptor = {
      metadata: metadataOf({ key: keyOf(server, name), description: textAt(server, "description") }),
      ...addressOf(server),
      authentication: [profile],
      ...(schemas.size > 0 ? { schemas: schemas.shared() } : {}),
      operations,
    };
    const offered = options.mcp.length > 0 ? mcpOf(descriptor, options.mcp) : undefined;
    return [
      {
        descriptor: offered ? { ...descriptor, mcp_config: offered } : descriptor,
        notes,
        operations: chosen.length,
      },
    ];
  },
};

function keyOf(server: ReturnType<typeof mapAt>, name: string): string {
  const url = textAt(server, "url");
  const host = url !== undefined && URL.canParse(url) ? new URL(url).hostname : undefined;
  return (
    textAt(server, "server") ??
    host ??
    name
      .split("/")
      .at(-1)
      ?.replace(/\.\w+$/, "") ??
    name
  );
}

/** A saved list says not where it is from: then each connection says so. */
function addressOf(
  server: ReturnType<typeof mapAt>,
): Pick<Descriptor, "base_url" | "mcp_upstream" | "connection_config"> {
  const name = textAt(server, "server");
  if (name !== undefined) return { mcp_upstream: { type: "stdio", server: name } satisfies McpUpstream };
  const url = textAt(server, "url");
  const upstream = { mcp_upstream: { type: "streamable_http" } satisfies McpUpstream };
  return url === undefined
    ? {
        base_url: "{base_url}",
        connection_config: [{ key: "base_url", label: "URL of the MCP server", format: "uri" }],
        ...upstream,
      }
    : { base_url: literal(url), ...upstream };
}

function operationsOf(
  tools: readonly ForeignTool[],
  profile: string,
  schemas: ToolSchemas,
  notes: Notes,
): Operation[] {
  const ids = new Names();
  return tools.flatMap((tool, index) => {
    const fault = hiddenTextFault({ ...tool });
    if (fault) {
      notes.lose(`/tools/${index}${fault.path}`, `The text ${fault.fault}: the tool is left out.`);
      return [];
    }
    const hash = `sha256:${createHash("sha256").update(lockedText(tool)).digest("hex")}`;
    return [toolOperation(tool, { hash, profile, ids, schemas, notes, at: `/tools/${index}` })];
  });
}
