import type {
  BesideCursor,
  CursorSource,
  Exchange,
  PageCommon,
  PageSlot,
  Pagination,
} from "../../schema/ir.ts";
import type { JsonPath } from "../../schema/language/jsonpath.ts";
import { lowerMatchers } from "./answers.ts";
import { contentType } from "./body.ts";
import type { Cursor } from "./cursor.ts";
import type { DeclaredParameter } from "./declared.ts";
import { given } from "./json.ts";
import type { Lowering } from "./lowering.ts";

/** The four ways in which a page may name the next one; exactly one is given. */
export const cursorSources = ["cursor_path", "cursor_header", "next_url_path", "cursor_from_record"] as const;

export function lowerPagination(
  lowering: Lowering,
  at: Cursor,
  parameters: readonly DeclaredParameter[],
): Pagination {
  const type = at.at("type").string();
  const common = (): PageCommon => lowerCommon(lowering, at, parameters);
  switch (type) {
    case "cursor": {
      const source = cursorSource(lowering, at);
      const param = at.at("cursor_param").string();
      const slot =
        param === undefined ? undefined : slotFor(param, at.at("cursor_location").string(), parameters);
      if (!source) return { kind: "none" };
      const more = moreCursors(lowering, at, source, parameters);
      return {
        kind: "cursor",
        source,
        ...given("slot", slot),
        ...(more.length > 0 ? { more } : {}),
        ...common(),
      };
    }
    case "offset":
      return {
        kind: "offset",
        slot: slotFor(at.at("offset_param").string() ?? "offset", "query", parameters),
        ...common(),
      };
    case "page":
      return {
        kind: "page",
        slot: slotFor(at.at("page_param").string() ?? "page", "query", parameters),
        start_page: at.at("start_page").number() ?? 1,
        ...common(),
      };
    case "link_header":
      return { kind: "link_header", ...common() };
    default:
      return { kind: "none" };
  }
}

/** A cursor that goes into the body needs one: a request that may have a body and declares none gets an empty map. */
export function withCursorBody(
  exchange: Exchange,
  pagination: Pagination,
  type: string | undefined,
): Exchange {
  const inBody =
    pagination.kind === "cursor" &&
    [pagination, ...(pagination.more ?? [])].some(({ slot }) => slot?.kind === "body");
  if (!inBody || exchange.body || ["GET", "HEAD", "OPTIONS"].includes(exchange.method)) return exchange;
  const { content_type, media_type } = contentType(type);
  if (content_type !== "json" && content_type !== "form") return exchange;
  return { ...exchange, body: { content_type, media_type, root: { kind: "object", entries: [] } } };
}

function cursorSource(lowering: Lowering, at: Cursor): CursorSource | undefined {
  const path = lowering.path(at.at("cursor_path"));
  if (path) return { kind: "path", path };
  const header = at.at("cursor_header").string();
  if (header !== undefined) return { kind: "header", header };
  const next = lowering.path(at.at("next_url_path"));
  if (next) return { kind: "next_url", path: next };
  const record = fieldPath(lowering, at.at("cursor_from_record"));
  return record && { kind: "record", path: record };
}

/** The values that go along with the cursor. */
function moreCursors(
  lowering: Lowering,
  at: Cursor,
  source: CursorSource,
  parameters: readonly DeclaredParameter[],
): BesideCursor[] {
  // A URL is followed as it stands.
  if (source.kind === "next_url") return [];
  const location = at.at("cursor_location").string();
  return at
    .at("more_cursors")
    .entries()
    .flatMap(([param, value]) => {
      const path = source.kind === "record" ? fieldPath(lowering, value) : lowering.path(value);
      return path ? [{ path, slot: slotFor(param, location, parameters) }] : [];
    });
}

/** A `*_param` names a declared parameter, else it is a wire name. */
function slotFor(
  name: string,
  location: string | undefined,
  parameters: readonly DeclaredParameter[],
): PageSlot {
  if (parameters.some((p) => p.name === name)) return { kind: "parameter", name };
  const byWire = parameters.find((p) => p.at.at("wire_name").string() === name);
  if (byWire) return { kind: "parameter", name: byWire.name };
  if (location === "body") return { kind: "body", path: name.split(".") };
  return { kind: location === "header" ? "header" : "query", name };
}

function lowerCommon(lowering: Lowering, at: Cursor, parameters: readonly DeclaredParameter[]): PageCommon {
  const limit = at.at("limit_param").string();
  return {
    ...(limit === undefined ? {} : { limit: slotFor(limit, "query", parameters) }),
    ...given("page_size", at.at("page_size").number()),
    ...given("has_more", lowering.path(at.at("has_more_path"))),
    ...given("total", lowering.path(at.at("total_path"))),
    stop_when: lowerMatchers(lowering, at.at("stop_when")),
    stop_on_short_page: at.at("stop_on_short_page").boolean() ?? isCounted(at.at("type").string()),
    max_pages: at.at("max_pages").number() ?? 100,
    primary_key: at
      .at("primary_key")
      .itemsOrSelf()
      .flatMap((item) => fieldPath(lowering, item) ?? []),
  };
}

/** Where places are counted, a short page is the last one unless the descriptor says otherwise. */
function isCounted(type: string | undefined): boolean {
  return type === "offset" || type === "page";
}

/** A field of a record: a JSONPath, or the plain name of a property. */
function fieldPath(lowering: Lowering, at: Cursor): JsonPath | undefined {
  const text = at.string();
  if (text === undefined || text.startsWith("$")) return lowering.path(at);
  return { kind: "plain", text: `$[${JSON.stringify(text)}]`, steps: [text] };
}
