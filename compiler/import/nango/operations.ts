/** The operations of an entry: what its proxy does for any path, pages as it hints, and its own check of a credential. */
import type { Body, Operation, Pagination, Parameter } from "../../../schema/descriptor.ts";
import { pathOfDots } from "../json-path.ts";
import { templateName } from "../names.ts";
import type { Notes } from "../notes.ts";
import { type DataMap, isMap, textAt } from "../plain-data.ts";
import type { Entry } from "./entry.ts";
import type { EntryNames } from "./names.ts";

/** The caller names the path; slashes in it stay. */
const anyPath = "/{path({path})}";
const path = {
  name: "path",
  location: "path",
  description: "Path below the base URL, without a slash at its beginning.",
} as const;

export function operationsOf(entry: Entry, profile: string, names: EntryNames, notes: Notes): Operation[] {
  const { body, paginate } = entry.proxy ?? {};
  const read: Operation = {
    operation_id: body === undefined ? "get_path" : "post_path",
    endpoint: anyPath,
    ...(body === undefined ? {} : { method: "POST" as const }),
    summary: `${body === undefined ? "Read" : "Post to"} any path of the API`,
    auth_type_ref: profile,
    parameters: [{ ...path }],
    ...(body === undefined ? {} : { body: bodyOf(body, names) }),
  };
  notes.comment(
    read,
    undefined,
    "The entry knows no endpoints: copy this operation for each one that you call, with its own parameters.",
  );
  const pagination = paginate && body === undefined ? paginationOf(paginate, notes) : undefined;
  return [
    read,
    ...(paginate && pagination ? [listOf(paginate, pagination, profile, notes)] : []),
    ...verifyOf(entry, profile, names),
  ];
}

function listOf(hint: DataMap, pagination: Pagination, profile: string, notes: Notes): Operation {
  const records = textAt(hint, "response_path");
  const operation: Operation = {
    operation_id: "list_path",
    endpoint: anyPath,
    summary: "List what a path of the API holds, page by page",
    auth_type_ref: profile,
    parameters: [{ ...path }, ...sizeOf(pagination)],
    ...(records === undefined ? {} : { response: { records_path: pathOfDots(records) } }),
    pagination,
  };
  notes.comment(operation, "pagination", "By the entry's `paginate`.");
  return operation;
}

/** The page size is the caller's to choose: the hint names its parameter alone. */
function sizeOf(pagination: Pagination): Parameter[] {
  const wire = "limit_param" in pagination ? pagination.limit_param : undefined;
  if (wire === undefined) return [];
  const name = templateName(wire);
  const size = {
    location: "query",
    field_type: "integer",
    description: "How many records a page has.",
  } as const;
  return [name === wire ? { name, ...size } : { name, wire_name: wire, ...size }];
}

function paginationOf(hint: DataMap, notes: Notes): Pagination | undefined {
  const limit = textAt(hint, "limit_name_in_request");
  const size = limit === undefined ? {} : { limit_param: limit };
  const lost = (why: string): undefined => {
    notes.lose("/proxy/paginate", why);
    return undefined;
  };
  switch (textAt(hint, "type")) {
    case "link": {
      const path = textAt(hint, "link_path_in_response_body");
      if (path !== undefined) return { type: "cursor", next_url_path: pathOfDots(path), ...size };
      const relation = textAt(hint, "link_rel_in_response_header");
      return relation === "next"
        ? { type: "link_header", ...size }
        : lost(`The next page is linked as ${relation ?? "nothing"}, where the language follows \`next\`.`);
    }
    case "cursor": {
      const from = textAt(hint, "cursor_path_in_response");
      const param = textAt(hint, "cursor_name_in_request");
      return from !== undefined && param !== undefined
        ? { type: "cursor", cursor_path: pathOfDots(from), cursor_param: param, ...size }
        : lost("The hint of pages does not say where the cursor is and which parameter takes it.");
    }
    case "offset":
      return offsetOf(hint, size);
    default:
      return lost("The hint of pages is of a kind that is not known.");
  }
}

/** Pages that are counted are offsets of the catalogue, too; their parameter is called so. */
function offsetOf(hint: DataMap, size: { readonly limit_param?: string }): Pagination {
  const param = textAt(hint, "offset_name_in_request") ?? "offset";
  const counts = textAt(hint, "offset_calculation_method") === "per-page" || /page/i.test(param);
  const start = hint.offset_start_value;
  const whole = { ...size, stop_on_short_page: false };
  return counts
    ? {
        type: "page",
        page_param: param,
        ...(typeof start === "number" ? { start_page: start } : {}),
        ...whole,
      }
    : { type: "offset", offset_param: param, ...whole };
}

/** A check that sends something, or asks another host, is an operation: a test endpoint has no body. */
function verifyOf({ proxy }: Entry, profile: string, names: EntryNames): Operation[] {
  const check = proxy?.verification;
  if (!check || check.data === undefined) return [];
  return [
    {
      operation_id: "verify",
      endpoint: names.text((check.base_url_override ?? "") + (check.endpoints[0] ?? "")),
      method: check.method === "POST" ? "POST" : "GET",
      summary: "Find out whether the credential is valid",
      side_effecting: false,
      auth_type_ref: profile,
      headers: Object.fromEntries(
        Object.entries(check.headers).filter(([name]) => name.toLowerCase() !== "content-type"),
      ),
      body: bodyOf(check.data, names),
    },
  ];
}

/** Its texts are templates of the catalogue. */
function bodyOf(body: unknown, names: EntryNames): Body {
  const value = translated(body, names);
  return isMap(value)
    ? { ...value }
    : Array.isArray(value) || typeof value === "string"
      ? value
      : String(value);
}

function translated(value: unknown, names: EntryNames): unknown {
  if (typeof value === "string") return names.text(value);
  if (Array.isArray(value)) return value.map((item) => translated(item, names));
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, translated(inner, names)]));
}
