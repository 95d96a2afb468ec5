import type { PageSlot } from "../../schema/ir.ts";
import { ConnectorError } from "../errors.ts";
import { encoders } from "../request/encode.ts";
import type { Overrides } from "../request/plan.ts";
import type { Whence } from "../request/redirect.ts";
import { Refused } from "../request/refused.ts";
import type { Values } from "../request/scope.ts";
import type { Answer } from "../response/answer.ts";
import type { CursorValue, Position } from "./position.ts";

/** One page as it came. */
export interface Fetched {
  readonly records: readonly unknown[];
  /** What the server put on the page: the records before any filter of `records_path`. */
  readonly listed: readonly unknown[];
  readonly data: unknown;
  readonly answer: Answer;
  readonly whence: Whence;
  /** Records asked for, where that is known. */
  readonly size: number | undefined;
}

/** What a position changes in the operation's request. */
export interface PageRequest {
  readonly parameters: Map<string, unknown>;
  query: Overrides["query"];
  headers: Overrides["headers"];
  body: Overrides["body"];
  url?: NonNullable<Overrides["url"]>;
}

/** One kind of paging. */
export interface Pager {
  /** The positions that it makes: a cursor of another kind of paging is none of this operation. */
  readonly positions: readonly Position["kind"][];
  /** Where reading begins with the caller's parameters. */
  start(parameters: Values): Position;
  /** Puts a position into the request. */
  apply(position: Position, request: PageRequest): void;
  /** The next position, or undefined after the last page. */
  next(position: Position, page: Fetched): Position | undefined;
  /**
   * The places after `next` where further pages will lie if they are as long as this one, `count` at most. Only for
   * kinds whose places can be told in advance.
   */
  guess?(next: Position, page: Fetched, count: number): readonly Position[];
}

/** Puts a paging value where its slot says. */
export function fillSlot(slot: PageSlot, value: CursorValue, request: PageRequest): void {
  switch (slot.kind) {
    case "parameter":
      request.parameters.set(slot.name, value);
      break;
    case "query":
      request.query = [...request.query, { name: slot.name, value: String(value) }];
      break;
    case "header":
      request.headers = [
        ...request.headers,
        { name: slot.name.toLowerCase(), value: headerText(String(value)) },
      ];
      break;
    case "body":
      request.body = [...request.body, { path: slot.path, value }];
      break;
  }
}

/** What a server gave as a cursor is encoded like any value: it cannot add a header. */
function headerText(value: string): string {
  try {
    return encoders.header(value);
  } catch (thrown) {
    if (!(thrown instanceof Refused)) throw thrown;
    throw new ConnectorError({
      code: "response_invalid",
      phase: "pagination",
      message: `the cursor ${thrown.message}. Check where the descriptor's \`pagination\` looks for it.`,
    });
  }
}

/** A whole number that the caller gave for a slot's parameter. */
export function givenNumber(slot: PageSlot | undefined, parameters: Values): number | undefined {
  if (slot?.kind !== "parameter") return undefined;
  const value = parameters.get(slot.name);
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}
