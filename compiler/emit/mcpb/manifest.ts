import type { Connector, JsonObject, McpServer } from "../../../schema/ir.ts";
import { toolDefinitions } from "../../../schema/mcp/tool.ts";
import type { BundleInput } from "./inputs.ts";

/** Where the server is inside a bundle. */
export const entryPoint = "server/index.cjs";

/** `manifest.json` of a bundle (MCPB manifest 0.3). */
export function bundleManifest(ir: Connector, mcp: McpServer, inputs: readonly BundleInput[]): JsonObject {
  const { name, publisher, documentation_url, tags, categories } = ir.metadata;
  const keywords = [...new Set([...categories, ...tags])];
  return {
    manifest_version: "0.3",
    name: ir.slug,
    display_name: name,
    version: ir.version,
    description: mcp.server_description,
    author: { name: publisher },
    ...(documentation_url === undefined ? {} : { documentation: documentation_url }),
    server: {
      type: "node",
      entry_point: entryPoint,
      mcp_config: {
        command: "node",
        // The host puts the folder of the unpacked bundle, and the user's values, in place of these.
        args: [`\${__dirname}/${entryPoint}`],
        env: Object.fromEntries(inputs.map(({ key, variable }) => [variable, `\${user_config.${key}}`])),
      },
    },
    tools: toolDefinitions(ir).map(({ text }) => ({ name: text.name, description: text.description })),
    ...(keywords.length > 0 ? { keywords } : {}),
    compatibility: { platforms: ["darwin", "win32", "linux"], runtimes: { node: ">=20.19.0" } },
    ...(inputs.length > 0
      ? { user_config: Object.fromEntries(inputs.map((input) => [input.key, userConfig(input)])) }
      : {}),
  };
}

function userConfig({ type, title, description, required, secret, default: given }: BundleInput): JsonObject {
  return {
    type,
    title,
    description,
    required,
    ...(secret ? { sensitive: true } : {}),
    ...(given === undefined ? {} : { default: given }),
  };
}
