/** OpenAPI 3.0, 3.1 and 3.2, and Swagger 2.0. */
import { carryApi } from "../api/carry.ts";
import type { Api } from "../api/model.ts";
import { Schemas } from "../api/schemas.ts";
import { openSource } from "../api/source.ts";
import { type Importer, ImportFailure } from "../importer.ts";
import { Notes } from "../notes.ts";
import { isMap } from "../plain-data.ts";
import { metadataOf } from "./metadata.ts";
import { readApi } from "./paths.ts";

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
    const reading = {
      source: files,
      notes,
      schemas: new Schemas(files, notes),
      idKey: "x-openapi-operation-id" as const,
    };
    const nothing = (all: Api, globs: readonly string[]): ImportFailure => nothingChosen(all, name, globs);
    return [carryApi(api, { metadata: metadataOf(api, notes), options, reading, nothing })];
  },
};

/** Without quotes YAML takes `3.0` for a number. */
function isVersion(value: unknown): boolean {
  return (typeof value === "string" || typeof value === "number") && /^[23](?:\.|$)/.test(String(value));
}

function nothingChosen(api: Api, name: string, globs: readonly string[]): ImportFailure {
  if (api.operations.length === 0) return new ImportFailure(`${name} has no operation under \`paths\``);
  return new ImportFailure(
    `--select ${globs.join(", ")} matches none of the ${api.operations.length} operations of ${name}: it takes tags, operation ids and paths`,
  );
}
