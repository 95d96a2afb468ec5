import type { Pagination } from "../../schema/ir.ts";
import type { Parameters } from "../connection/connection.ts";
import type { Values } from "../request/scope.ts";
import { createPager } from "./kinds.ts";
import { fillSlot, givenNumber, type PageRequest } from "./pager.ts";

/** What the first request of an operation is made of. */
export interface FirstRequest {
  readonly pagination: Pagination;
  /** The caller's parameters, checked and with defaults. */
  readonly parameters: Values;
  /** Names of parameters that the caller gave, as against defaults. */
  readonly given: ReadonlySet<string>;
}

export function givenNames(parameters: Parameters): ReadonlySet<string> {
  return new Set(Object.keys(parameters).filter((name) => parameters[name] !== undefined));
}

const nothing: ReadonlySet<string> = new Set();

/** The request of a call that reads one page: the one with which reading all of them begins. */
export function firstRequest(first: FirstRequest): PageRequest {
  const request = requestFor(first);
  // Where reading begins does not depend on what cursors look like.
  const pager = createPager(first.pagination, nothing);
  pager.apply(pager.start(first.parameters), request);
  // A single call is the caller's own: what it gives stands as it is.
  for (const name of first.given)
    if (first.parameters.has(name)) request.parameters.set(name, first.parameters.get(name));
  return request;
}

/** A page's request before its position is put in: the page size is. */
export function requestFor({ pagination, parameters, given }: FirstRequest): PageRequest {
  const request: PageRequest = { parameters: new Map(parameters), query: [], headers: [], body: [] };
  if (pagination.kind === "none" || !pagination.limit || pagination.page_size === undefined) return request;
  // A size that the caller gives wins over the descriptor's.
  const { limit } = pagination;
  if (limit.kind !== "parameter" || !given.has(limit.name)) fillSlot(limit, pagination.page_size, request);
  return request;
}

/** Records that a page is asked for, where that is known. */
export function sizeOf({ pagination, parameters, given }: FirstRequest): number | undefined {
  if (pagination.kind === "none") return undefined;
  const { limit, page_size } = pagination;
  if (limit?.kind === "parameter" && (given.has(limit.name) || page_size === undefined))
    return givenNumber(limit, parameters);
  return page_size;
}
