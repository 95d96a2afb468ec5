/** Postman collections, 2.1 and 2.0: folders, requests, saved examples. Scripts are never run. */
import { carryApi } from "../api/carry.ts";
import type { Api, ApiOperation } from "../api/model.ts";
import { Schemas } from "../api/schemas.ts";
import { Source } from "../api/source.ts";
import { type Draft, type Importer, ImportFailure, type ImportOptions } from "../importer.ts";
import { Notes } from "../notes.ts";
import { Vault } from "../observed/vault.ts";
import { at, type DataMap, isMap, mapAt, textAt } from "../plain-data.ts";
import { metadataOf } from "../request/metadata.ts";
import { addressOf } from "./address.ts";
import { CollectionAuth } from "./auth.ts";
import { descriptionOf, isScripted, requestsOf } from "./collection.ts";
import { type CarriedRequest, carryRequest } from "./operation.ts";
import { gatherSecrets, redactAll } from "./secrets.ts";
import { Variables } from "./variables.ts";

export const postman: Importer = {
  recognises: (data) => {
    const collection = collectionIn(data);
    const schema = textAt(mapAt(collection, "info"), "schema") ?? "";
    const isNamed =
      /getpostman\.com|schema\.postman\.com/.test(schema) ||
      at(mapAt(collection, "info"), "_postman_id") !== undefined;
    return isNamed ? Array.isArray(at(collection, "item")) : isOld(data);
  },

  async draft({ data, name }, options) {
    const collection = collectionIn(data);
    if (isOld(data))
      throw new ImportFailure(`${name} is a collection of version 1: export it as version 2.1`);
    if (!isMap(collection) || !Array.isArray(collection.item))
      throw new ImportFailure(`${name} is no Postman collection: it has no list \`item\``);
    const vault = new Vault();
    gatherSecrets(collection, vault);
    const clean = redactAll(collection, vault);
    return [carry(isMap(clean) ? clean : {}, name, options)];
  },
};

/** Postman's own API wraps a collection. */
function collectionIn(data: unknown): unknown {
  const inner = at(data, "collection");
  return isMap(inner) && Array.isArray(inner.item) ? inner : data;
}

function isOld(data: unknown): boolean {
  return Array.isArray(at(data, "requests")) && Array.isArray(at(data, "order"));
}

function carry(collection: DataMap, name: string, options: ImportOptions): Draft {
  const notes = new Notes();
  const variables = new Variables(collection);
  const auth = new CollectionAuth(variables);
  const requests = requestsOf(collection);
  for (const { request } of requests) variables.count(addressOf(request)?.path ?? "");
  const carried = requests.flatMap((one): readonly CarriedRequest[] => {
    const made = carryRequest(one, variables, auth);
    if (typeof made !== "string") return [made];
    notes.lose(one.at, made);
    return [];
  });
  if (carried.length === 0) throw new ImportFailure(`${name} has no request that can be carried over`);
  const main = mostCommon(carried.map(({ origin }) => origin));
  const operations = carried.map(
    ({ operation, origin, server }): ApiOperation =>
      origin === main ? operation : { ...operation, servers: [server] },
  );
  const info = mapAt(collection, "info");
  const title = textAt(info, "name");
  const version = textAt(info, "version");
  const metadata = metadataOf({
    key:
      (title ?? "collection").replace(/\b(?:API|Postman|Collection)\b/gi, " ").trim() ||
      (title ?? "collection"),
    title,
    description: descriptionOf(info)?.split(/\n\s*\n/)[0],
    version,
  });
  const api: Api = {
    info: { description: descriptionOf(info) },
    documentationUrl: undefined,
    servers: carried
      .filter(({ origin }) => origin === main)
      .slice(0, 1)
      .map(({ server }) => server),
    security: [],
    schemes: auth.schemes,
    settings: [...variables.settings.values()],
    operations,
    webhooks: [],
  };
  const source = new Source(new Map());
  const holes = new Set([
    ...variables.settings.keys(),
    ...carried.flatMap(({ operation }) => secretHoles(operation)),
  ]);
  const reading = { source, notes, schemas: new Schemas(source, notes), settings: holes };
  const draft = carryApi(api, {
    metadata,
    options,
    reading,
    nothing: (_all, select) => nothing(name, select, operations.length),
  });
  if (isScripted(collection))
    notes.lose(
      "/event",
      "The collection has a script that runs before each request, and is not carried over.",
      draft.descriptor,
      "operations",
    );
  return draft;
}

/** Holes of a path that no parameter fills: credentials and settings. */
function secretHoles({ path, parameters }: ApiOperation): readonly string[] {
  const own = new Set(parameters.filter((one) => one.in === "path").map(({ name }) => name));
  return [...path.matchAll(/\{([^{}]+)\}/g)].flatMap(([, name = ""]) => (own.has(name) ? [] : [name]));
}

function mostCommon(origins: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const origin of origins) counts.set(origin, (counts.get(origin) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? "";
}

function nothing(name: string, select: readonly string[], count: number): ImportFailure {
  return new ImportFailure(
    `--select ${select.join(", ")} matches none of the ${count} requests of ${name}: it takes folders, requests and paths`,
  );
}
