/** OpenAPI 3.0, 3.1 and 3.2, and Swagger 2.0. */
import type { Descriptor, Operation } from "../../../schema/descriptor.ts";
import { type Draft, type Importer, ImportFailure, type ImportOptions } from "../importer.ts";
import { Notes } from "../notes.ts";
import { isMap } from "../plain-data.ts";
import { createSelection } from "../select.ts";
import { allowHosts } from "./allowed-hosts.ts";
import { detectLimits, detectRetry } from "./detect/limits.ts";
import { mcpOf } from "./mcp.ts";
import { metadataOf } from "./metadata.ts";
import type { Api, ApiOperation } from "./model.ts";
import { carryOperation } from "./operation.ts";
import { operationIds } from "./operation-ids.ts";
import { readApi } from "./paths.ts";
import type { Reading } from "./reading.ts";
import { Schemas } from "./schemas.ts";
import { Security } from "./security.ts";
import { addressOf } from "./servers.ts";
import { openSource } from "./source.ts";

export const openapi: Importer = {
  recognises: (data) => isMap(data) && (isVersion(data.openapi) || isVersion(data.swagger)),

  async draft(source, options) {
    const { data, name } = source;
    if (!isMap(data) || !(isVersion(data.openapi) || isVersion(data.swagger)))
      throw new ImportFailure(
        `${name} is no OpenAPI document: it has neither \`openapi\` nor \`swagger\` with a version`,
      );
    const notes = new Notes();
    const files = await openSource(data, name, options.host, notes);
    const api = readApi(data, files, notes);
    const reading: Reading = { source: files, notes, schemas: new Schemas(files, notes) };
    return [carryApi(api, name, options, reading)];
  },
};

function isVersion(value: unknown): boolean {
  return (typeof value === "string" && /^[23](?:\.|$)/.test(value)) || value === 2;
}

function carryApi(api: Api, name: string, options: ImportOptions, reading: Reading): Draft {
  const { notes } = reading;
  const ids = operationIds(api.operations);
  const chosen = select(api, ids, options.select);
  if (chosen.length === 0) throw nothing(api, name, options.select);
  const address = addressOf(api.servers);
  const security = new Security(api, addressOf(api.servers.slice(0, 1)).url, notes);
  const settings = new Map(address.settings.map((setting) => [setting.key, setting]));
  const operations = chosen.map((operation, index): Operation => {
    if (index % 200 === 0) options.progress?.(`${index} of ${chosen.length} operations`);
    const own = operation.servers.length > 0 ? addressOf(operation.servers.slice(0, 1)) : undefined;
    const isOwn = own !== undefined && own.url !== address.url && !own.url.startsWith("{base_url}");
    if (isOwn)
      for (const setting of own.settings) if (!settings.has(setting.key)) settings.set(setting.key, setting);
    return carryOperation(operation, ids.get(operation) ?? "", isOwn ? own.url : "", security, reading);
  });
  const schemas = reading.schemas.shared();
  const descriptor: Descriptor = {
    metadata: metadataOf(api, notes),
    base_url: address.url,
    ...(settings.size > 0 ? { connection_config: [...settings.values()] } : {}),
    // Every operation has referred to one at least.
    authentication: security.profiles as Descriptor["authentication"],
    ...(security.chains.length > 0 ? { credential_chains: security.chains } : {}),
    operations,
    ...(schemas ? { schemas } : {}),
  };
  for (const remark of address.remarks) notes.comment(descriptor, "base_url", remark);
  detectLimits(descriptor, api, notes);
  detectRetry(descriptor, api, notes);
  allowHosts(descriptor, notes);
  const mcp = options.mcp.length > 0 ? mcpOf(descriptor, options.mcp) : undefined;
  if (mcp) descriptor.mcp_config = mcp;
  if (api.webhooks.length > 0)
    notes.lose(
      "/webhooks",
      `Webhooks are not carried over: ${api.webhooks.join(", ")}.`,
      descriptor,
      "operations",
    );
  return { descriptor, notes, operations: chosen.length };
}

function select(
  api: Api,
  ids: ReadonlyMap<ApiOperation, string>,
  globs: readonly string[],
): readonly ApiOperation[] {
  if (globs.length === 0) return api.operations;
  const wanted = createSelection(globs);
  return api.operations.filter((operation) =>
    wanted([operation.path, ids.get(operation) ?? "", operation.id ?? "", ...operation.tags]),
  );
}

function nothing(api: Api, name: string, globs: readonly string[]): ImportFailure {
  if (api.operations.length === 0) return new ImportFailure(`${name} has no operation under \`paths\``);
  return new ImportFailure(
    `--select ${globs.join(", ")} matches none of the ${api.operations.length} operations of ${name}: it takes tags, operation ids and paths`,
  );
}
