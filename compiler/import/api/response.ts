/** What an operation answers: how it is read, and its schema. */
import type { Response } from "../../../schema/descriptor.ts";
import type { JsonSchema } from "../../../schema/json.ts";
import type { ApiContent, ApiOperation, ApiResponse } from "./model.ts";
import type { Reading } from "./reading.ts";

export interface CarriedResponse {
  readonly response: Response;
  readonly schema: JsonSchema | undefined;
  /** The content that the schema is of. */
  readonly content: ApiContent | undefined;
}

type ResponseType = NonNullable<Response["type"]>;

/** Reads the responses that mean success. */
export function carryResponse(operation: ApiOperation, reading: Reading): CarriedResponse {
  const successes = successesOf(operation.responses);
  const contents = successes.flatMap((one) => preferred(one.contents));
  const type = contents.map(({ mediaType }) => responseType(mediaType)).find((one) => one !== undefined);
  const response: Response = {};
  if (type !== undefined && type !== "json") response.type = type;
  const redirects = operation.responses.filter(({ status }) => /^3\d\d$/.test(status) && status !== "304");
  // Where a redirect is all that is promised, it is the answer.
  if (successes.length === 0 && redirects.length > 0)
    response.success_status = redirects.map(({ status }) => Number(status)) as unknown as [
      number,
      ...number[],
    ];
  const read = contents.filter(({ mediaType }) => responseType(mediaType) === (type ?? "json"));
  const isData = type === undefined || type === "json" || type === "jsonl" || type === "csv";
  const content = read.find(({ schema }) => schema !== undefined);
  return { response, schema: isData ? schemaOf(read, type, reading) : undefined, content };
}

/** 2xx in their order; `default` where no status is named at all. */
function successesOf(responses: readonly ApiResponse[]): readonly ApiResponse[] {
  const named = responses.filter(({ status }) => /^2(?:\d\d|xx)$/.test(status));
  if (named.length > 0) return [...named].sort((a, b) => (a.status < b.status ? -1 : 1));
  return responses.every(({ status }) => status === "default") ? responses : [];
}

/** JSON where there is some, else what comes first. */
function preferred(contents: readonly ApiContent[]): readonly ApiContent[] {
  const json = contents.filter(({ mediaType }) => responseType(mediaType) === "json");
  return json.length > 0 ? json.slice(0, 1) : contents.slice(0, 1);
}

function responseType(mediaType: string): ResponseType {
  const essence = mediaType.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (essence === "*/*" || essence === "" || /[/+]json$/.test(essence) || essence === "application/*")
    return "json";
  if (/^application\/(?:x-)?(?:ndjson|jsonl|json-?lines|json-seq)$/.test(essence)) return "jsonl";
  if (/[/+]xml$/.test(essence)) return "xml";
  if (essence === "text/csv") return "csv";
  return essence.startsWith("text/") ? "text" : "binary";
}

/** One schema, or the alternatives of several statuses. */
function schemaOf(
  contents: readonly ApiContent[],
  type: ResponseType | undefined,
  { schemas }: Reading,
): JsonSchema | undefined {
  const found = new Map<string, JsonSchema>();
  for (const { schema, items } of contents) {
    const from = schema ?? items;
    if (!from) continue;
    const converted = schemas.convert(from, "response");
    found.set(
      JSON.stringify(converted),
      type === "jsonl" && !schema ? { type: "array", items: converted } : converted,
    );
  }
  const all = [...found.values()].filter(
    (schema) => typeof schema !== "object" || Object.keys(schema).length > 0,
  );
  if (all.length === 0 || all.length < found.size) return undefined;
  return all.length === 1 ? all[0] : { anyOf: all };
}
