/** How one page of an operation leads to the next, told from its parameters, its answer and its headers. */
import type { Pagination, Parameter } from "../../../../schema/descriptor.ts";
import { at } from "../../plain-data.ts";
import type { ApiOperation, Located } from "../model.ts";
import type { CarriedParameters } from "../parameters.ts";
import type { Reading } from "../reading.ts";
import { type Found, propertiesOf, type Shape, shapeOf } from "./shape.ts";

export interface DetectedPagination {
  readonly pagination: Pagination;
  readonly recordsPath: string;
  /** Why, in a sentence. */
  readonly reason: string;
}

/** Names without case and separators. */
const bare = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, "");

const cursorParams = [
  ...[
    "cursor",
    "pagetoken",
    "nexttoken",
    "nextpagetoken",
    "continuationtoken",
    "startcursor",
    "after",
    "pageafter",
  ],
  ...[
    "pagecursor",
    "nextcursor",
    "paginationtoken",
    "marker",
    "nextmarker",
    "startingafter",
    "nextpagekey",
    "pagingtoken",
  ],
  ...["continuation", "nextkey", "scrollid", "offset", "pagekey", "bookmark", "iterator"],
];
const cursorAnswers = [
  ...[
    "nextcursor",
    "nextpagetoken",
    "nexttoken",
    "continuationtoken",
    "nextcontinuationtoken",
    "nextmarker",
    "endcursor",
  ],
  ...[
    "nextpagecursor",
    "nextkey",
    "nextpagekey",
    "paginationtoken",
    "cursor",
    "pagetoken",
    "after",
    "next",
    "nextpage",
  ],
  ...["marker", "continuation", "scrollid", "offset", "bookmark", "iterator", "cursorafter"],
];
const nextUrls = [
  "next",
  "nexturl",
  "nextpageurl",
  "nextlink",
  "odatanextlink",
  "nextpage",
  "nexthref",
  "nextpageuri",
  "nextpagelink",
];
const pageParams = ["page", "pagenumber", "pageno", "pagenum", "pageindex", "currentpage"];
const offsetParams = ["offset", "skip", "startat", "startindex", "start", "pageoffset"];
const limitParams = [
  ...[
    "limit",
    "perpage",
    "pagesize",
    "size",
    "pagelimit",
    "maxresults",
    "count",
    "resultsperpage",
    "top",
    "take",
    "first",
  ],
  ...["maxitems", "numresults", "itemsperpage", "maxpagesize"],
];
const hasMore = ["hasmore", "hasnext", "hasnextpage", "hasmoreitems", "morepages", "more", "hasmoreresults"];
const totals = [
  "total",
  "totalcount",
  "totalresults",
  "totalitems",
  "totalrecords",
  "totalelements",
  "totalentries",
];

/** Only what reads: GET, and POST that searches. */
export function detectPagination(
  operation: ApiOperation,
  carried: CarriedParameters,
  answer: Located,
  reading: Reading,
): DetectedPagination | undefined {
  if (operation.method !== "GET") return undefined;
  const shape = shapeOf(answer, operation.path, reading.source);
  if (shape.records === undefined) return undefined;
  const query = carried.parameters.filter(({ location }) => location === "query");
  const limit = query.find((one) => limitParams.includes(wire(one)) && isWhole(one));
  const size = limit ? { limit_param: limit.name } : {};
  const found =
    byCursor(shape, query, size, reading) ??
    byRecord(shape, query, size, reading) ??
    byUrl(shape, query, size) ??
    byHeader(operation, query, size) ??
    byNumber(shape, query, size, limit !== undefined);
  return found && { ...found, recordsPath: shape.records };
}

type Told = Omit<DetectedPagination, "recordsPath">;

function wire({ name, wire_name }: Parameter): string {
  return bare(wire_name ?? name);
}

function isWhole({ field_type }: Parameter): boolean {
  return field_type === "integer" || field_type === "number";
}

function pick(
  names: readonly string[],
  among: readonly Found[],
  fits: (one: Found) => boolean,
): Found | undefined {
  const fitting = among.filter(fits);
  for (const name of names) {
    const one = fitting.find((candidate) => bare(candidate.name) === name);
    if (one) return one;
  }
  return undefined;
}

function pickParameter(names: readonly string[], among: readonly Parameter[]): Parameter | undefined {
  return names.flatMap((name) => among.find((one) => wire(one) === name) ?? [])[0];
}

const isText = ({ types }: Found): boolean => types.has("string");
const isTextOrNumber = ({ types }: Found): boolean => types.has("string") || types.has("integer");
const isFlag = ({ types }: Found): boolean => types.size === 1 && types.has("boolean");
const isCount = ({ types }: Found): boolean => types.has("integer") || types.has("number");

function isAddress({ place, name }: Found, source: Reading["source"]): boolean {
  const value = source.follow(place)?.value;
  const format = at(value, "format");
  return (
    format === "uri" ||
    format === "url" ||
    /url|link|href|uri/i.test(name) ||
    /\bURL\b|\blink\b|\bURI\b/.test(String(at(value, "description") ?? ""))
  );
}

/** The answer names the next cursor, and a parameter takes it. */
function byCursor(
  shape: Shape,
  query: readonly Parameter[],
  size: object,
  { source }: Reading,
): Told | undefined {
  const given = query.filter(
    (one) =>
      !(wire(one) === "offset" && isWhole(one)) && !(wire(one) === "after" && one.field_type === "datetime"),
  );
  const parameter = pickParameter(cursorParams, given) ?? pickPageToken(query, shape);
  const cursor = pick(
    cursorAnswers,
    shape.scalars.filter((one) => !isAddress(one, source)),
    (one) => (isWhole(parameter ?? { name: "", location: "query" }) ? isCount(one) : isTextOrNumber(one)),
  );
  if (!parameter || !cursor || (bare(cursor.name) === "nextpage" && !isText(cursor))) return undefined;
  const more = pick(hasMore, shape.scalars, isFlag);
  const pagination = {
    type: "cursor" as const,
    cursor_path: cursor.path,
    cursor_param: parameter.name,
    ...size,
    ...(more ? { has_more_path: more.path } : {}),
  };
  return {
    pagination,
    reason: `The answer has ${cursor.path}, which the parameter ${parameter.name} takes.`,
  };
}

/** `page` that takes a token: the answer has one of its name. */
function pickPageToken(query: readonly Parameter[], shape: Shape): Parameter | undefined {
  const page = query.find((one) => wire(one) === "page" && (one.field_type ?? "string") === "string");
  return page && shape.scalars.some((one) => bare(one.name) === "nextpage" && isText(one)) ? page : undefined;
}

/** The id of the last record leads on, as long as the answer says that there is more. */
function byRecord(
  shape: Shape,
  query: readonly Parameter[],
  size: object,
  { source }: Reading,
): Told | undefined {
  const parameter = pickParameter(["startingafter", "after", "afterid", "sinceid"], query);
  const more = pick(hasMore, shape.scalars, isFlag);
  const id = shape.record && propertiesOf(shape.record, source).get("id");
  if (!parameter || !more || !id) return undefined;
  const pagination = {
    type: "cursor" as const,
    cursor_from_record: "id",
    cursor_param: parameter.name,
    ...size,
    has_more_path: more.path,
  };
  return {
    pagination,
    reason: `The parameter ${parameter.name} takes the id of the last record, and ${more.path} says whether more follow.`,
  };
}

function byUrl(shape: Shape, query: readonly Parameter[], size: object): Told | undefined {
  const next = pick(nextUrls, shape.scalars, isText);
  const isPaged = query.some((one) =>
    [...pageParams, ...offsetParams, ...limitParams, ...cursorParams].includes(wire(one)),
  );
  if (!next || !isPaged) return undefined;
  return {
    pagination: { type: "cursor", next_url_path: next.path, ...size },
    reason: `The answer has ${next.path}, the address of the next page.`,
  };
}

function byHeader({ responses }: ApiOperation, query: readonly Parameter[], size: object): Told | undefined {
  const hasLink = responses.some(
    ({ status, headers }) => status.startsWith("2") && headers.some((name) => bare(name) === "link"),
  );
  if (!hasLink || !query.some((one) => [...pageParams, ...limitParams, ...cursorParams].includes(wire(one))))
    return undefined;
  return { pagination: { type: "link_header", ...size }, reason: "The answer has a Link header (RFC 8288)." };
}

/** Pages or records are counted; a list stands out in the answer. */
function byNumber(
  shape: Shape,
  query: readonly Parameter[],
  size: object,
  hasLimit: boolean,
): Told | undefined {
  const more = pick(hasMore, shape.scalars, isFlag);
  const total = pick(totals, shape.scalars, isCount);
  const ends = {
    ...(more ? { has_more_path: more.path } : {}),
    ...(total ? { total_path: total.path } : {}),
  };
  const page = pickParameter(pageParams, query.filter(isWhole));
  if (page) {
    const first = page.default_value ?? at(page.schema, "default") ?? at(page.schema, "minimum");
    const pagination = {
      type: "page" as const,
      page_param: page.name,
      ...(first === 0 ? { start_page: 0 } : {}),
      ...size,
      ...ends,
    };
    return { pagination, reason: `The parameter ${page.name} is the number of a page.` };
  }
  const offset = pickParameter(offsetParams, query.filter(isWhole));
  if (!offset || !hasLimit) return undefined;
  return {
    pagination: { type: "offset", offset_param: offset.name, ...size, ...ends },
    reason: `The parameter ${offset.name} is the number of records to skip.`,
  };
}
