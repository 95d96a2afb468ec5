/** An endpoint of a definition as an operation. */
import type { Body, Operation, Pagination, Parameter } from "../../../schema/descriptor.ts";
import { pathOfDots } from "../json-path.ts";
import type { Notes } from "../notes.ts";
import { at, type DataMap, isMap, mapAt, textAt } from "../plain-data.ts";
import { shortText } from "../prose.ts";
import type { Meanings } from "../request/meanings.ts";
import { holesOf, onlyHole } from "../request/mustache.ts";
import { methodOf, paginationOf } from "../request/pagination.ts";
import { type Addresses, pathNames } from "../request/urls.ts";
import { bodyParameters, bodyTemplate, carryValues, uniqueParameters } from "../request/values.ts";

export interface Named {
  readonly id: string;
  /** As the definition calls it. */
  readonly name: string;
  readonly endpoint: DataMap;
  readonly profile: string;
}

export function endpointOf(
  { id, name, endpoint, profile }: Named,
  addresses: Addresses,
  meanings: Meanings,
  notes: Notes,
): Operation {
  const place = `/endpoints/${name}`;
  const url = textAt(endpoint, "url") ?? "";
  const method = methodOf(textAt(endpoint, "method"));
  const sends = method !== "GET" && method !== "HEAD" && method !== "DELETE";
  const query = carryValues(
    sends && at(endpoint, "body") === undefined ? {} : mapAt(endpoint, "params"),
    "query",
    `${place}/params`,
    meanings,
    notes,
  );
  const headers = carryValues(mapAt(endpoint, "headers"), "header", `${place}/headers`, meanings, notes);
  const source =
    at(endpoint, "body") ?? at(endpoint, "body_template") ?? (sends ? at(endpoint, "params") : undefined);
  const body = source === undefined ? undefined : bodyTemplate(source, meanings);
  const parameters = uniqueParameters([
    ...pathNames(url, meanings).map((path): Parameter => ({ name: path, location: "path" })),
    ...query.parameters,
    ...headers.parameters,
    ...(source === undefined ? [] : bodyParameters(source, meanings)),
  ]);
  const records = ["recordsPath", "responsePath", "dataPath", "itemsPath"].flatMap(
    (key) => textAt(endpoint, key) ?? [],
  );
  const operation: Operation = {
    operation_id: id,
    endpoint: addresses.endpoint(url),
    ...(method === "GET" ? {} : { method }),
    summary: shortText(textAt(endpoint, "description"), 200) ?? summaries.get(id) ?? `Call ${name}`,
    auth_type_ref: profile,
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(Object.keys(query.fixed).length > 0 ? { query: query.fixed } : {}),
    ...(Object.keys(headers.fixed).length > 0 ? { headers: headers.fixed } : {}),
    ...(isBody(body) ? { body } : {}),
    ...(records[0] === undefined ? {} : { response: { records_path: pathOfDots(records[0]) } }),
  };
  const pagination = pagesOf(endpoint, place, parameters, notes);
  if (pagination) {
    operation.pagination = pagination;
    if (records[0] === undefined)
      notes.comment(
        operation,
        "pagination",
        "The definition does not say where the records are: add response.records_path where they are not the answer itself.",
      );
  }
  return operation;
}

const summaries: ReadonlyMap<string, string> = new Map([
  ["poll", "Read what has changed since a cursor"],
  ["test", "Find out whether the credential is valid"],
  ["deliver", "Deliver a record"],
]);

function isBody(body: unknown): body is Body {
  return isMap(body) || Array.isArray(body) || typeof body === "string";
}

/** `{{cursor}}` says which parameter carries the cursor of the next page. */
function pagesOf(
  endpoint: DataMap,
  place: string,
  parameters: readonly Parameter[],
  notes: Notes,
): Pagination | undefined {
  const hint = at(endpoint, "pagination");
  if (!isMap(hint)) return undefined;
  const carrier = Object.entries(mapAt(endpoint, "params")).find(
    ([, value]) =>
      typeof value === "string" && (onlyHole(value) === "cursor" || holesOf(value).includes("cursor")),
  )?.[0];
  return paginationOf(hint, { place: `${place}/pagination`, carrier, parameters }, notes);
}
