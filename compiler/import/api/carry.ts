/** An API, whatever told of it, as a descriptor. */
import type { Descriptor, Metadata, Operation } from "../../../schema/descriptor.ts";
import type { Draft, ImportFailure, ImportOptions } from "../importer.ts";
import { createSelection } from "../select.ts";
import { allowHosts } from "./allowed-hosts.ts";
import { detectLimits, detectRetry } from "./detect/limits.ts";
import { mcpOf } from "./mcp.ts";
import type { Api, ApiOperation } from "./model.ts";
import { carryOperation } from "./operation.ts";
import { operationIds } from "./operation-ids.ts";
import type { Reading } from "./reading.ts";
import { Security } from "./security.ts";
import { addressOf, preferred } from "./servers.ts";

export interface Carrying {
  readonly metadata: Metadata;
  readonly options: ImportOptions;
  readonly reading: Reading;
  /** What to say where no operation is chosen. */
  readonly nothing: (api: Api, select: readonly string[]) => ImportFailure;
}

/** The operations that `--select` names, with what they need of the rest. */
export function carryApi(api: Api, { metadata, options, reading, nothing }: Carrying): Draft {
  const { notes } = reading;
  const ids = operationIds(api.operations);
  const chosen = select(api, ids, options.select);
  if (chosen.length === 0) throw nothing(api, options.select);
  const address = addressOf(api.servers);
  const security = new Security(api, addressOf(preferred(api.servers).slice(0, 1)).url, notes);
  const settings = new Map(
    [...address.settings, ...api.settings].map((setting) => [setting.key, setting] as const),
  );
  const operations = chosen.map((operation, index): Operation => {
    if (index % 200 === 0) options.progress?.(`${index} of ${chosen.length} operations`);
    const own =
      operation.servers.length > 0 ? addressOf(preferred(operation.servers).slice(0, 1)) : undefined;
    const isOther = own !== undefined && own.url !== address.url;
    const isOwn = isOther && !own.url.startsWith("{base_url}");
    if (isOther && !isOwn)
      notes.lose(
        operation.at,
        "The server of this operation alone is not carried over: it is called below `base_url`.",
      );
    if (isOwn)
      for (const setting of own.settings) if (!settings.has(setting.key)) settings.set(setting.key, setting);
    return carryOperation(operation, ids.get(operation) ?? "", isOwn ? own.url : "", security, reading);
  });
  const schemas = reading.schemas.shared();
  const descriptor: Descriptor = {
    metadata,
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
  const shown = chosen.filter(hasExamples).length;
  if (shown > 0)
    notes.lose(
      "/paths",
      `Whole examples of requests and answers are not carried over: ${shown} of ${chosen.length} operations have some.`,
    );
  if (api.webhooks.length > 0)
    notes.lose(
      "/webhooks",
      `Webhooks are not carried over: ${api.webhooks.join(", ")}.`,
      descriptor,
      "operations",
    );
  return { descriptor, notes, operations: chosen.length };
}

function hasExamples({ body, responses }: ApiOperation): boolean {
  return [...(body?.contents ?? []), ...responses.flatMap(({ contents }) => contents)].some(
    (content) => content.hasExamples,
  );
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
