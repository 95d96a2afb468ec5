import type { Operation } from "../../schema/ir.ts";
import type { OperationPlan } from "../call/operation-plan.ts";
import type { PageOptions, Parameters } from "../connection/connection.ts";
import { ConnectorError } from "../errors.ts";
import { createPager } from "./kinds.ts";
import { parametersMark } from "./page-cursor.ts";
import { givenNames } from "./page-request.ts";
import type { PageReading } from "./read-pages.ts";
import { veilOf, type WaitForCredentials } from "./reading-secrets.ts";

/** What reading the pages of an operation takes, whoever makes the calls. Throws `invalid_parameters`. */
export async function pageReading(
  connector: string,
  plan: OperationPlan,
  parameters: Parameters,
  options: PageOptions,
  calls: Pick<PageReading, "fetch" | "describe"> & { readonly wait: WaitForCredentials },
): Promise<PageReading> {
  const { operation } = plan;
  const { pagination } = operation;
  const values = await plan.readParameters(parameters);
  const given = givenNames(parameters);
  return {
    pagination,
    parameters: values,
    given,
    pager: createPager(pagination, structuredOf(operation)),
    owner: {
      connector,
      operation: operation.id,
      mark: parametersMark(values, countedOf(operation, given)),
      veil: veilOf(plan, values, calls.wait),
    },
    records: operation.exchange.response.records,
    listed: plan.listed,
    cursor: options.cursor,
    maxPages: mostPages(operation, options),
    ahead: aheadOf(operation, options),
    withoutCredentials: (url) => plan.exchange.withoutCredentials(url),
    describe: calls.describe,
    fetch: calls.fetch,
  };
}

function mostPages({ pagination }: Operation, { maxPages }: PageOptions): number {
  assertCount(maxPages, "maxPages");
  return maxPages ?? (pagination.kind === "none" ? 1 : pagination.max_pages);
}

/** Whoever stops at the first page has asked for one, unless several at a time were wanted. */
function aheadOf(operation: Operation, { concurrency }: PageOptions): PageReading["ahead"] {
  assertCount(concurrency, "concurrency");
  const { kind } = operation.pagination;
  if (concurrency === undefined || concurrency === 1)
    return { first: 0, rest: operation.side_effecting ? 0 : 1 };
  if (kind !== "offset" && kind !== "page")
    throw invalid(
      "concurrency",
      "`concurrency` is for pages by offset and by number: here each page leads to the next. Leave it out.",
    );
  if (operation.side_effecting)
    throw invalid(
      "concurrency",
      "The operation has side effects: its pages are read one at a time. Leave `concurrency` out, or say `side_effecting: false` in the descriptor.",
    );
  return { first: concurrency, rest: concurrency };
}

function assertCount(value: number | undefined, option: string): void {
  if (value === undefined || (Number.isInteger(value) && value >= 1)) return;
  throw invalid(option, `\`${option}\` must be a whole number of at least 1.`);
}

function invalid(option: string, message: string): ConnectorError {
  return new ConnectorError({
    code: "invalid_parameters",
    phase: "parameters",
    message,
    details: { parameter: option },
  });
}

/** Parameters in a body that take a map or a list as it stands. */
function structuredOf({ parameters }: Operation): ReadonlySet<string> {
  return new Set(
    parameters
      .filter(({ location, type }) => location === "body" && (type === "object" || type === "array"))
      .map(({ name }) => name),
  );
}

/** What a reading is about: all that the caller gave, but for secrets, files and the place of the page. */
function countedOf({ pagination, parameters }: Operation, given: ReadonlySet<string>): ReadonlySet<string> {
  const slot = pagination.kind === "none" || pagination.kind === "link_header" ? undefined : pagination.slot;
  const place = slot?.kind === "parameter" ? slot.name : undefined;
  return new Set(
    parameters
      .filter(({ name, secret, type }) => given.has(name) && !secret && type !== "file" && name !== place)
      .map(({ name }) => name),
  );
}
