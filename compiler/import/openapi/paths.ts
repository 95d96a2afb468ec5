/** The path items of a document and their operations. */

import type { Api, ApiOperation, Located, PathItem, Scheme } from "../api/model.ts";
import { below, type Source } from "../api/source.ts";
import type { Notes } from "../notes.ts";
import { at, type DataMap, isMap, listAt, mapAt, textAt } from "../plain-data.ts";
import { withPlainPath } from "./path-query.ts";
import { partsOf } from "./security-schemes.ts";
import { readOperation2 } from "./swagger2.ts";
import { inside, listed, readOperation, securityOf } from "./v3.ts";

const methods: ReadonlySet<string> = new Set(["get", "put", "post", "delete", "options", "head", "patch"]);
/** Known to the format, and to no descriptor. */
const foreignMethods: ReadonlySet<string> = new Set(["trace", "query"]);

/** Reads a document of any version. */
export function readApi(document: DataMap, source: Source, notes: Notes): Api {
  const version =
    textAt(document, "swagger") ??
    textAt(document, "openapi") ??
    String(at(document, "swagger") ?? at(document, "openapi"));
  const isOld = version.startsWith("2") || Object.hasOwn(document, "swagger");
  return {
    info: mapAt(document, "info"),
    documentationUrl: textAt(mapAt(document, "externalDocs"), "url"),
    servers: isOld ? oldServers(document) : listAt(document, "servers"),
    security: securityOf(document),
    schemes: readSchemes(document, isOld, source, notes),
    operations: readOperations(document, isOld, source, notes),
    settings: [],
    webhooks: Object.keys({ ...mapAt(document, "webhooks"), ...mapAt(document, "x-webhooks") }),
  };
}

function oldServers(document: DataMap): readonly unknown[] {
  const given = textAt(document, "host")?.replace(/\/+$/, "");
  const path = textAt(document, "basePath") ?? "";
  if (/^https?:\/\//i.test(path)) return [{ url: path }];
  const below = path === "" || path.startsWith("/") ? path : `/${path}`;
  if (given === undefined || given === "") return below === "" || below === "/" ? [] : [{ url: below }];
  if (given.includes("://")) return [{ url: `${given}${below}` }];
  const schemes = listAt(document, "schemes");
  const scheme = schemes.includes("https") || schemes.length === 0 ? "https" : String(schemes[0]);
  return [{ url: `${scheme}://${given}${below}` }];
}

function readSchemes(
  document: DataMap,
  isOld: boolean,
  source: Source,
  notes: Notes,
): ReadonlyMap<string, Scheme> {
  const pointer = isOld ? "/securityDefinitions" : "/components/securitySchemes";
  const all = isOld
    ? mapAt(document, "securityDefinitions")
    : mapAt(mapAt(document, "components"), "securitySchemes");
  const found = new Map<string, Scheme>();
  for (const [name, value] of Object.entries(all)) {
    const scheme = source.follow({ value, file: "", at: below(pointer, name) });
    if (scheme && isMap(scheme.value))
      found.set(name, (baseUrl, told) => partsOf(name, scheme, baseUrl, told));
    else notes.lose(below(pointer, name), "This security scheme refers to nothing and is left out.");
  }
  return found;
}

function readOperations(
  document: DataMap,
  isOld: boolean,
  source: Source,
  notes: Notes,
): readonly ApiOperation[] {
  const paths = mapAt(document, "paths");
  return Object.keys(paths).flatMap((path) => {
    if (path.startsWith("x-")) return [];
    const place = { value: paths[path], file: "", at: below("/paths", path) };
    const found = source.follow(place);
    if (!found || !isMap(found.value)) {
      notes.lose(place.at, "This path refers to nothing and is left out.");
      return [];
    }
    const owner = { ...found, at: place.at };
    const item: PathItem = {
      path,
      summary: textAt(owner.value, "summary"),
      description: textAt(owner.value, "description"),
      servers: listAt(owner.value, "servers"),
      shared: listed(owner, "parameters"),
    };
    return operationsOf(owner, notes).map(([method, operation]) =>
      withPlainPath(
        isOld
          ? readOperation2(item, method, operation, document, source, notes)
          : readOperation(item, method, operation, source, notes),
      ),
    );
  });
}

/** In the order of the document; methods of OpenAPI 3.2's `additionalOperations` as well. */
function operationsOf(
  item: Located,
  notes: Notes,
): readonly (readonly [method: string, operation: Located])[] {
  const found: (readonly [string, Located])[] = [];
  for (const key of Object.keys(mapOf(item.value))) {
    const method = key.toLowerCase();
    const operation = inside(item, key);
    if (!operation || !isMap(operation.value)) continue;
    if (methods.has(method)) found.push([method.toUpperCase(), operation]);
    else if (foreignMethods.has(method)) loseMethod(method, operation.at, notes);
    else if (key === "additionalOperations")
      for (const name of Object.keys(operation.value)) {
        const further = inside(operation, name);
        if (further && methods.has(name.toLowerCase())) found.push([name.toUpperCase(), further]);
        else loseMethod(name, below(operation.at, name), notes);
      }
  }
  return found;
}

function loseMethod(method: string, pointer: string, notes: Notes): void {
  notes.lose(pointer, `A descriptor has no method ${method.toUpperCase()}: this operation is left out.`);
}

function mapOf(value: unknown): DataMap {
  return isMap(value) ? value : {};
}
