/** Pages as small connector formats say them: cursor, offset, page, link. */
import type { Method, Pagination, Parameter } from "../../../schema/descriptor.ts";
import { pathOfDots } from "../json-path.ts";
import type { Notes } from "../notes.ts";
import { at, type DataMap, textAt } from "../plain-data.ts";

export interface PageContext {
  readonly place: string;
  /** The parameter that the source itself puts the cursor into. */
  readonly carrier: string | undefined;
  readonly parameters: readonly Parameter[];
  /**
   * Whether the source stops at a page that has fewer records than were asked for, whatever its kind; false where it
   * does not say what the records of a page are, since a whole answer would count as one.
   */
  readonly stopsShort?: boolean;
}

/** Undefined, and told, where the kind is not known or says no place of the cursor. */
export function paginationOf(hint: DataMap, context: PageContext, notes: Notes): Pagination | undefined {
  const common = commonOf(hint, context);
  const type = (textAt(hint, "type") ?? "none").toLowerCase();
  switch (type) {
    case "none":
      return undefined;
    case "cursor": {
      const field = ["field", "cursorField", "cursorPath", "nextCursorPath"].flatMap(
        (key) => textAt(hint, key) ?? [],
      );
      if (field[0] === undefined) break;
      const path = pathOfDots(field[0]);
      if (/(?:url|uri|link|href)s?$/i.test(field[0]))
        return { type: "cursor", next_url_path: path, ...common };
      const param = context.carrier ?? textAt(hint, "param") ?? textAt(hint, "cursorParam") ?? "cursor";
      return { type: "cursor", cursor_path: path, cursor_param: param, ...common };
    }
    case "offset":
      return {
        type: "offset",
        offset_param: textAt(hint, "offsetParam") ?? textAt(hint, "param") ?? "offset",
        ...common,
      };
    case "page": {
      const start = at(hint, "startPage") ?? at(hint, "start");
      return {
        type: "page",
        page_param: textAt(hint, "pageParam") ?? textAt(hint, "param") ?? "page",
        ...(typeof start === "number" ? { start_page: start } : {}),
        ...common,
      };
    }
    case "link":
    case "link_header":
      return { type: "link_header", ...common };
  }
  notes.lose(
    context.place,
    `Pages of the type ${type} are not carried over: it is not known where the next page is named.`,
  );
  return undefined;
}

interface Common {
  limit_param?: string;
  page_size?: number;
  stop_on_short_page?: boolean;
  max_pages?: number;
}

function commonOf(hint: DataMap, { parameters, stopsShort = false }: PageContext): Common {
  const own = parameters.find(({ name, wire_name: wire }) =>
    /^(?:limit|page_?size|per_?page)$/i.test(wire ?? name),
  );
  const type = textAt(hint, "type");
  const limit =
    textAt(hint, "limitParam") ??
    textAt(hint, "sizeParam") ??
    own?.name ??
    (type === "offset" ? "limit" : undefined);
  const fallback: unknown = own?.default_value;
  const size = at(hint, "pageSize") ?? at(hint, "limit") ?? fallback;
  const pages = at(hint, "maxPages");
  const whole = typeof size === "number" && Number.isInteger(size) && size > 0 ? size : undefined;
  return {
    ...(limit === undefined ? {} : { limit_param: limit }),
    // A size that nothing sends is of use where pages are compared with it.
    ...(whole === undefined || (limit === undefined && !stopsShort) ? {} : { page_size: whole }),
    ...(stopsShort && whole !== undefined ? { stop_on_short_page: true } : {}),
    ...(typeof pages === "number" && Number.isInteger(pages) && pages > 0 ? { max_pages: pages } : {}),
  };
}

const methods: readonly Method[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** GET where a source says none, or none that there is. */
export function methodOf(method: string | undefined): Method {
  return methods.find((one) => one === method?.toUpperCase()) ?? "GET";
}
