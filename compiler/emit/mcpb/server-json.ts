import type { Connector, JsonObject, McpServer } from "../../../schema/ir.ts";
import { EmitRefusal } from "../output.ts";
import type { BundleInput } from "./inputs.ts";

/** Where a bundle is published; `{slug}` and `{version}` in the address stand for the connector's. */
export interface Publication {
  /** Reverse domain name of the publisher in the registry: `io.github.someone`. */
  readonly namespace: string;
  /** `https`: where the `.mcpb` will be downloaded from. */
  readonly downloadUrl: string;
}

/** Characters of a name. */
const longestName = 200;
/** Characters of a description, and of a title, that the registry takes. */
const most = 100;

/** What a publication makes of a connector. */
export interface PublishedAs {
  readonly name: string;
  readonly identifier: string;
}

/** Name and address in the registry; throws `EmitRefusal` where it would not take them. */
export function publishedAs(ir: Connector, mcp: McpServer, publication: Publication): PublishedAs {
  return {
    name: registryName(publication.namespace, mcp.server_name),
    identifier: address(publication.downloadUrl, ir),
  };
}

/** `server.json` of the public MCP registry (schema of 2025-12-11). `sha256` is of the bundle. */
export function registryEntry(
  ir: Connector,
  mcp: McpServer,
  inputs: readonly BundleInput[],
  published: PublishedAs,
  sha256: string,
): JsonObject {
  const { documentation_url, name } = ir.metadata;
  return {
    $schema: "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json",
    name: published.name,
    title: shortened(name),
    description: shortened(mcp.server_description),
    version: ir.version,
    ...(documentation_url === undefined ? {} : { websiteUrl: documentation_url }),
    packages: [
      {
        registryType: "mcpb",
        identifier: published.identifier,
        fileSha256: sha256,
        transport: { type: "stdio" },
        environmentVariables: inputs.map(environmentVariable),
      },
    ],
  };
}

function registryName(namespace: string, serverName: string): string {
  const name = serverName.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[._-]+|[._-]+$/g, "");
  if (!/^[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/.test(namespace) || name === "")
    throw new EmitRefusal(
      `${namespace}/${name} is no name of the registry; give a reverse domain name as --namespace, such as io.github.someone, and letters in \`mcp_config.server_name\``,
    );
  if (namespace.length + 1 + name.length > longestName)
    throw new EmitRefusal(
      `${namespace}/${name} has more than ${longestName} characters; shorten \`mcp_config.server_name\``,
    );
  return `${namespace}/${name}`;
}

function address(template: string, { slug, version }: Connector): string {
  const text = template.replaceAll("{slug}", slug).replaceAll("{version}", version);
  if (URL.canParse(text) && new URL(text).protocol === "https:") return text;
  throw new EmitRefusal(`${text} is no https address; the registry downloads bundles over https alone`);
}

function environmentVariable(input: BundleInput): JsonObject {
  return {
    name: input.variable,
    description: input.description,
    isRequired: input.required,
    isSecret: input.secret,
    format: input.type,
    ...(input.default === undefined ? {} : { default: String(input.default) }),
    ...(input.choices.length > 0 ? { choices: [...input.choices] } : {}),
  };
}

function shortened(text: string): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).trimEnd()}…`;
}
