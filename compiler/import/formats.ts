/** The formats that can be imported, in the order in which a document is tried when none is named. */
import type { Importer } from "./importer.ts";

/** Each is loaded when it is first asked for. */
export const formats: { readonly [name: string]: () => Promise<Importer> } = {
  openapi: async () => (await import("./openapi/openapi.ts")).openapi,
  postman: async () => (await import("./postman/postman.ts")).postman,
  har: async () => (await import("./har/har.ts")).har,
  nango: async () => (await import("./nango/nango.ts")).nango,
  pullpush: async () => (await import("./pullpush/pullpush.ts")).pullpush,
  "yaml-spec": async () => (await import("./yaml-spec/yaml-spec.ts")).yamlSpec,
  mcp: async () => (await import("./mcp/mcp.ts")).mcp,
  "config-schema": async () => (await import("./config-schema/config-schema.ts")).configSchema,
};

/** The first format that knows the data for its own; undefined where none does. */
export async function guessFormat(data: unknown): Promise<string | undefined> {
  for (const [name, load] of Object.entries(formats)) if ((await load()).recognises(data)) return name;
  return undefined;
}
