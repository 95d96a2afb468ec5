import type { CursorSource, PageSlot, Pagination } from "../../schema/ir.ts";
import type { JsonPath } from "../../schema/language/jsonpath.ts";
import { ConnectorError } from "../errors.ts";
import { resolveUrl } from "../request/resolve-url.ts";
import type { Values } from "../request/scope.ts";
import { select } from "../response/jsonpath.ts";
import { assertChainEnds, isStoppedChain } from "./ends.ts";
import { assertMeasured } from "./measured-depth.ts";
import { type Fetched, fillSlot, type PageRequest, type Pager } from "./pager.ts";
import { type CursorValue, isCursorValue, isStructure, type Position } from "./position.ts";

type CursorRules = Extract<Pagination, { kind: "cursor" }>;

/**
 * Paging by a cursor that each page gives for the next: ends on an absent, null or empty one. `structured`: the
 * parameters that take a map or a list.
 */
export function cursorPager(rules: CursorRules, structured: ReadonlySet<string>): Pager {
  const takes = (slot: PageSlot | undefined): boolean =>
    slot?.kind === "body" || (slot?.kind === "parameter" && structured.has(slot.name));
  return {
    positions: ["start", rules.source.kind === "next_url" ? "url" : "cursor"],
    start: (parameters) => firstPosition(rules, parameters),
    apply: (position, request) => {
      if (position.kind === "url") request.url = splitUrl(position.value);
      else if (position.kind === "cursor") fillSlots(rules, position, request);
    },
    next: (position, page) => {
      if (isStoppedChain(rules, page)) return undefined;
      const value = readCursor(rawCursor(rules.source, page), takes(rules.slot));
      if (value === undefined) {
        assertChainEnds(rules, position, page, "the page holds no cursor that leads to them");
        return undefined;
      }
      if (rules.source.kind === "next_url") return urlPosition(value, page);
      if (!rules.more) return { kind: "cursor", value };
      const more = rules.more.map(
        ({ path, slot }) => readCursor(besideCursor(rules.source, path, page), takes(slot)) ?? null,
      );
      return { kind: "cursor", value, more };
    },
  };
}

/** A caller may begin at a cursor, such as one that another operation gave. */
function firstPosition({ source, slot }: CursorRules, parameters: Values): Position {
  const given = slot?.kind === "parameter" ? parameters.get(slot.name) : undefined;
  return source.kind === "next_url" || !isCursorValue(given) || given === ""
    ? { kind: "start" }
    : { kind: "cursor", value: given };
}

function fillSlots(
  { slot, more }: CursorRules,
  position: Extract<Position, { kind: "cursor" }>,
  request: PageRequest,
): void {
  if (slot) fillSlot(slot, position.value, request);
  // Where a page gave none, what the caller began with is over.
  for (const [index, value] of (position.more ?? []).entries()) {
    const beside = more?.[index]?.slot;
    if (beside && value !== null) fillSlot(beside, value, request);
    else if (beside?.kind === "parameter") request.parameters.delete(beside.name);
  }
}

/** A URL that a page names, as the position of the next. */
export function urlPosition(reference: CursorValue, page: Fetched): Position {
  const url = typeof reference === "string" ? resolveUrl(reference, page.whence) : undefined;
  if (!url) {
    throw new ConnectorError({
      code: "response_invalid",
      phase: "pagination",
      message: "the server named a next page that is no URL. Check `next_url_path` in the descriptor.",
    });
  }
  return { kind: "url", value: url.origin + url.target };
}

/** The parts of a position's URL; where it may lead is judged with the request. */
export function splitUrl(value: string): { readonly origin: string; readonly target: string } {
  const url = resolveUrl(value, { origin: "https://invalid", path: "/" });
  return url ?? { origin: "https://invalid", target: "/" };
}

/** Undefined where there is no cursor: absent, null, empty, false. */
function readCursor(value: unknown, structures: boolean): CursorValue | undefined {
  if (typeof value === "number" || (typeof value === "string" && value !== "")) return value;
  if (value === undefined || value === null || value === "" || value === false) return undefined;
  // A copy: the answer is the consumer's, who may change it before the next page is asked for.
  if (structures && isStructure(value)) {
    assertMeasured(value, "the cursor");
    return Object.keys(value).length === 0 ? undefined : structuredClone(value);
  }
  throw new ConnectorError({
    code: "response_invalid",
    phase: "pagination",
    message: structures
      ? "the cursor in the answer is `true`, which leads nowhere. Check where the descriptor's `pagination` looks for it."
      : "the cursor in the answer is neither text nor a number. Check where the descriptor's `pagination` looks for it.",
  });
}

function rawCursor(source: CursorSource, page: Fetched): unknown {
  return source.kind === "header"
    ? page.answer.headers.get(source.header.toLowerCase())
    : besideCursor(source, source.path, page);
}

/** A value from where the cursor is: the answer, or its last record. */
function besideCursor(source: CursorSource, path: JsonPath, page: Fetched): unknown {
  if (source.kind !== "record") return select(path, page.data)[0];
  return page.listed.length === 0 ? undefined : select(path, page.listed.at(-1))[0];
}
