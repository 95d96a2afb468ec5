import type { Exchanged } from "../call/call.ts";
import type { MakeJob, OperationCalls } from "../call/operation-calls.ts";
import type { OperationPlan } from "../call/operation-plan.ts";
import type { PageOptions, Parameters, Warning } from "../connection/connection.ts";
import { aborted, type Deadline } from "../deadline.ts";
import type { ConnectorError } from "../errors.ts";
import { describeFailure } from "../failure.ts";
import type { Overrides } from "../request/plan.ts";
import type { FetchedPage, Page } from "./page.ts";
import { pageReading } from "./page-reading.ts";
import { type PageReading, type PageWalk, pageOf, walkPages } from "./read-pages.ts";
import type { WaitForCredentials } from "./reading-secrets.ts";

/** Reads the pages of an operation. */
export async function* readOperation(
  calls: OperationCalls,
  operation: string,
  parameters: Parameters,
  options: PageOptions,
): AsyncGenerator<Page, void, void> {
  const walk = await walkOperation(calls, operation, parameters, options);
  try {
    for (let read = await walk.next(); read; read = await walk.next()) yield pageOf(read);
  } finally {
    walk.stop();
  }
}

/** The pages of an operation, to be walked. */
export async function walkOperation(
  calls: OperationCalls,
  operation: string,
  parameters: Parameters,
  options: PageOptions,
): Promise<PageWalk> {
  const plan = await calls.planned(operation);
  const describe = (thrown: unknown): ConnectorError =>
    describeFailure(thrown, calls.failureContext(plan, parameters));
  try {
    const { slug } = calls.context.ir;
    const fetch = fetching(calls, plan, parameters, options);
    const wait = waiting(calls, plan, options);
    return await walkPages(await pageReading(slug, plan, parameters, options, { fetch, wait, describe }));
  } catch (thrown) {
    throw describe(thrown);
  }
}

/** Each page is a call of its own. */
function fetching(
  calls: OperationCalls,
  plan: OperationPlan,
  parameters: Parameters,
  options: PageOptions,
): PageReading["fetch"] {
  return (values, overrides) => {
    let call: Deadline | undefined;
    const guarded = withHeaders(overrides, calls.guarded(plan.operation, {}).headers);
    const job: MakeJob = (planned, _given, _options, deadline) => {
      call = deadline;
      return calls.job(calls.context, planned, values, guarded, deadline);
    };
    const page = calls.start(plan, parameters, options, job, fetchedPage);
    return { page, stop: () => call?.end(unwanted()) };
  };
}

function withHeaders(overrides: Overrides, headers: Overrides["headers"]): Overrides {
  return headers.length === 0 ? overrides : { ...overrides, headers: [...headers, ...overrides.headers] };
}

function fetchedPage({ answer, data, whence }: Exchanged, warnings: readonly Warning[]): FetchedPage {
  return { answer, data, whence, warnings };
}

function waiting(
  calls: OperationCalls,
  { operation }: OperationPlan,
  options: PageOptions,
): WaitForCredentials {
  return async (held) => {
    const deadline = calls.startDeadline(options, operation);
    try {
      return await deadline.race(held);
    } finally {
      calls.context.core.running.remove(deadline);
    }
  };
}

/** Why a page that was asked for ahead is given up. */
function unwanted(): ReturnType<typeof aborted> {
  return aborted("The page is not wanted any more: its reader has stopped, or went elsewhere.");
}
