/** One operation of a document as one of a descriptor. */
import type { Operation, Parameter } from "../../../schema/descriptor.ts";
import { Names } from "../names.ts";
import { cut, longText, oneLine, shortText } from "../prose.ts";
import { carryBody } from "./body.ts";
import { detectIdempotency } from "./detect/idempotency.ts";
import { detectPagination } from "./detect/pagination.ts";
import { endpointOf } from "./endpoint.ts";
import type { ApiOperation, ApiParameter } from "./model.ts";
import { type CarriedParameters, carryParameters } from "./parameters.ts";
import type { Reading } from "./reading.ts";
import { carryResponse } from "./response.ts";
import type { Security } from "./security.ts";

/** Longer texts are for the API's own pages. */
const maxDescription = 2000;

/** What the operation is called in the document, where that is no id here. */
type Imported = Operation & { [original: `x-${string}`]: string };

/** `base` stands before the path where the operation has a server of its own. */
export function carryOperation(
  operation: ApiOperation,
  id: string,
  base: string,
  security: Security,
  reading: Reading,
): Operation {
  const { notes } = reading;
  const auth = security.referTo(operation.security, operation.at);
  const names = new Names();
  const own = operation.parameters.filter((one) => !isCredential(one, security));
  const carried = carryParameters(own, operation.path, names, reading);
  const made: Imported = {
    operation_id: id,
    endpoint: base + endpointOf(operation.path, carried.pathNames),
    method: operation.method as NonNullable<Operation["method"]>,
    summary: summaryOf(operation),
    auth_type_ref: auth,
  };
  if (made.method === "GET") delete made.method;
  if (reading.idKey !== undefined && operation.id !== undefined && operation.id !== id)
    made[reading.idKey] = operation.id.toWellFormed();
  describe(made, operation);
  if (operation.reads) made.side_effecting = false;
  const idempotency = detectIdempotency(operation, carried.parameters);
  const parameters = carried.parameters.filter((one) => one !== idempotency?.parameter);
  addParameters(made, operation, { ...carried, parameters }, names, reading);
  if (idempotency) {
    made.idempotency = { header: idempotency.header };
    notes.comment(
      made,
      "idempotency",
      `The document has the header ${idempotency.header}: the runtime gives each call a key of its own.`,
    );
  }
  addResponse(made, operation, { ...carried, parameters }, reading);
  tellRest(made, operation, reading);
  return made;
}

/** What a profile sends is no parameter of a call. */
function isCredential({ in: where, name }: ApiParameter, security: Security): boolean {
  return (where === "header" && security.places(name)) || (where === "query" && security.placesQuery(name));
}

function summaryOf({ summary, description, id, method, path }: ApiOperation): string {
  const own = shortText(summary, 200) ?? firstSentence(description);
  return own ?? cut(id === undefined ? `${method} ${path}` : oneLine(id.replace(/[_/.-]+/g, " ")), 200);
}

function firstSentence(description: string | undefined): string | undefined {
  const text = description?.replace(/^#+\s*/gm, "");
  const sentence = text === undefined ? undefined : /^[\s\S]*?[.!?](?=\s|$)/.exec(oneLine(text))?.[0];
  return shortText(sentence?.replace(/\.$/, "") ?? text, 200);
}

function describe(made: Imported, { description, deprecated, tags }: ApiOperation): void {
  const text = longText(description, maxDescription);
  if (text !== undefined && oneLine(text) !== made.summary && oneLine(text) !== `${made.summary}.`)
    made.description = text;
  if (deprecated) made.deprecated = true;
  const named = [...new Set(tags.map((tag) => oneLine(tag)).filter((tag) => tag !== ""))];
  if (named.length > 0) made.tags = named;
}

function addParameters(
  made: Imported,
  operation: ApiOperation,
  carried: CarriedParameters,
  names: Names,
  reading: Reading,
): void {
  const { notes } = reading;
  const all: Parameter[] = [...carried.parameters];
  if (Object.keys(carried.query).length > 0) made.query = carried.query;
  const headers = { ...operation.fixedHeaders, ...carried.headers };
  if (Object.keys(headers).length > 0) made.headers = headers;
  if (operation.body && made.method === "HEAD")
    notes.lose(operation.body.at, "A HEAD request has no body: it is left out.");
  else if (operation.body) {
    const body = carryBody(operation.body, names, reading);
    if (body) {
      all.push(...body.parameters);
      if (all.length > 0) made.parameters = all;
      if (body.contentType !== undefined) made.content_type = body.contentType;
      if (body.body !== undefined) made.body = body.body;
      if (body.others.length > 0)
        notes.lose(
          operation.body.at,
          `The body may also be ${body.others.join(", ")}.`,
          made,
          made.content_type === undefined ? "parameters" : "content_type",
        );
    }
  }
  if (all.length > 0) made.parameters = all;
}

function addResponse(
  made: Imported,
  operation: ApiOperation,
  carried: CarriedParameters,
  reading: Reading,
): void {
  const { response, schema, content } = carryResponse(operation, reading);
  const paging =
    schema !== undefined && content?.schema && (response.type ?? "json") === "json"
      ? detectPagination(operation, carried, content.schema, reading)
      : undefined;
  if (paging && paging.recordsPath !== "$") response.records_path = paging.recordsPath;
  if (Object.keys(response).length > 0) made.response = response;
  if (paging) {
    made.pagination = paging.pagination;
    reading.notes.comment(made, "pagination", paging.reason);
  }
  if (schema !== undefined) made.response_schema = schema;
}

/** What has no place in a descriptor. */
function tellRest(
  made: Imported,
  { callbacks, responses, remarks = [], at }: ApiOperation,
  { notes }: Reading,
): void {
  for (const remark of remarks) notes.lose(at, remark, made, "operation_id");
  if (callbacks.length > 0)
    notes.lose(at, `Callbacks are not carried over: ${callbacks.join(", ")}.`, made, "operation_id");
  const links = [...new Set(responses.flatMap((response) => response.links))];
  if (links.length > 0)
    notes.lose(
      at,
      `Links between operations are not carried over: ${links.join(", ")}.`,
      made,
      "operation_id",
    );
}
