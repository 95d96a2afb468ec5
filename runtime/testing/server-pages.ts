import type { Handler, ReceivedRequest, Reply, ReplyContext } from "./server-types.ts";

/** How a list is cut into pages; every name has the default in brackets. */
export interface PagesOptions {
  readonly kind: "cursor" | "offset" | "page" | "link" | "next_url";
  /** Items on a page where the request does not say (10). */
  readonly size?: number;
  /** The most that a request may ask for (100). */
  readonly maxSize?: number;
  /** The query parameter for the size (`limit`). */
  readonly limitParam?: string;
  /** The query parameter for the place (`cursor`, `offset`, `page`). */
  readonly placeParam?: string;
  /** The number of the first page (1). */
  readonly startPage?: number;
  /** The key of the items in the body (`items`). */
  readonly itemsKey?: string;
  /** The key of the next cursor or URL in the body (`next`). */
  readonly nextKey?: string;
  /** Adds `total` to the body (false). */
  readonly total?: boolean;
}

/**
 * Serves a list in pages. A function is asked for the list at every request, so items may change between pages.
 * Bodies are `{ items, next?, total? }`; of kind `link` the next page is in the `Link` header (RFC 8288) alone.
 */
export function pages(
  items: readonly unknown[] | (() => readonly unknown[]),
  options: PagesOptions,
): Handler {
  return (request, context) => {
    const all = typeof items === "function" ? items() : items;
    const size = sizeOf(request, options);
    const start = startOf(request, options, size);
    if (start === undefined) return { status: 400, json: { message: "no such page" } };
    const page = all.slice(start, start + size);
    return replyOf(page, start + size < all.length ? start + size : undefined, all.length, {
      request,
      context,
      options,
      size,
    });
  };
}

interface PageRequest {
  readonly request: ReceivedRequest;
  readonly context: ReplyContext;
  readonly options: PagesOptions;
  readonly size: number;
}

function replyOf(
  page: readonly unknown[],
  next: number | undefined,
  total: number,
  asked: PageRequest,
): Reply {
  const { options } = asked;
  const body: { [key: string]: unknown } = { [options.itemsKey ?? "items"]: page };
  if (options.total === true) body.total = total;
  const nextKey = options.nextKey ?? "next";
  if (options.kind === "cursor") body[nextKey] = next === undefined ? null : cursorOf(next);
  if (options.kind === "next_url") body[nextKey] = next === undefined ? null : urlOf(next, asked);
  if (options.kind !== "link" || next === undefined) return { json: body };
  return { json: body, headers: { link: `<${urlOf(next, asked)}>; rel="next"` } };
}

function sizeOf(request: ReceivedRequest, options: PagesOptions): number {
  const asked = Number(request.query.get(options.limitParam ?? "limit") ?? options.size ?? 10);
  const valid = Number.isInteger(asked) && asked > 0 ? asked : (options.size ?? 10);
  return Math.min(valid, options.maxSize ?? 100);
}

/** The index of the page's first item; undefined for a place that makes no sense. */
function startOf(request: ReceivedRequest, options: PagesOptions, size: number): number | undefined {
  const place = request.query.get(placeParam(options));
  if (place === null) return 0;
  const start = startAt(place, options, size);
  return Number.isInteger(start) && start >= 0 ? start : undefined;
}

function startAt(place: string, options: PagesOptions, size: number): number {
  if (options.kind === "offset") return Number(place);
  if (options.kind === "page") return (Number(place) - (options.startPage ?? 1)) * size;
  return Number(
    Buffer.from(place, "base64url")
      .toString("latin1")
      .replace(/^from:/, ""),
  );
}

function placeParam(options: PagesOptions): string {
  if (options.placeParam !== undefined) return options.placeParam;
  return options.kind === "offset" || options.kind === "page" ? options.kind : "cursor";
}

function cursorOf(start: number): string {
  return Buffer.from(`from:${start}`, "latin1").toString("base64url");
}

function urlOf(start: number, { request, context, options }: PageRequest): string {
  const query = new URLSearchParams(request.query);
  query.set(placeParam(options), cursorOf(start));
  return `${context.origin}${request.path}?${query}`;
}
