import type { MakeJob, OperationCalls } from "../call/operation-calls.ts";
import type { OperationPlan } from "../call/operation-plan.ts";
import type { PageOptions, Parameters } from "../connection/connection.ts";
import { aborted, type Deadline } from "../deadline.ts";
import { describeFailure } from "../failure.ts";
import type { FetchedPage, Page } from "./page.ts";
import { pageReading } from "./page-reading.ts";
import { type PageReading, readPages } from "./read-pages.ts";
import type { WaitForCredentials } from "./reading-secrets.ts";

/** Reads the pages of an operation. */
export async function* readOperation(
  calls: OperationCalls,
  operation: string,
  parameters: Parameters,
  options: PageOptions,
): AsyncGenerator<Page, void, void> {
  const plan = await calls.planned(operation);
  try {
    const { slug } = calls.context.ir;
    const fetch = fetching(calls, plan, parameters, options);
    const wait = waiting(calls, plan, options);
    yield* readPages(await pageReading(slug, plan, parameters, options, { fetch, wait }));
  } catch (thrown) {
    throw describeFailure(thrown, calls.failureContext(plan, parameters));
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
    const headers = [...calls.guarded(plan.operation, {}).headers, ...overrides.headers];
    const job: MakeJob = (planned, _given, _options, deadline) => {
      call = deadline;
      return calls.job(calls.context, planned, values, { ...overrides, headers }, deadline);
    };
    const page = calls.start(
      plan,
      parameters,
      options,
      job,
      (done, warnings): FetchedPage => ({ ...done, warnings }),
    );
    return { page, stop: () => call?.end(unwanted()) };
  };
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
