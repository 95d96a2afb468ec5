import type { MakeJob, OperationCalls } from "../call/operation-calls.ts";
import type { Parameters, ResponseStream, StreamOptions } from "../connection/connection.ts";
import type { ConnectorError } from "../errors.ts";
import { describeFailure } from "../failure.ts";
import { prepareStream } from "./open-stream.ts";

/** Calls an operation whose answer is read while it comes. */
export async function streamOperation(
  calls: OperationCalls,
  operation: string,
  parameters: Parameters,
  options: StreamOptions,
): Promise<ResponseStream<unknown>> {
  const { context } = calls;
  const plan = await calls.planned(operation);
  const describe = (thrown: unknown): ConnectorError =>
    describeFailure(thrown, calls.failureContext(plan, parameters));
  const { maxDurationMs } = options;
  const timeoutMs = Math.min(calls.timeoutMs(options, plan.operation), maxDurationMs ?? Infinity);
  try {
    context.core.assertOpen();
    const streaming = prepareStream(context, plan, options, describe);
    const job: MakeJob = (planned, given, chosen, deadline) =>
      calls.firstJobIn(streaming.context, planned, given, chosen, deadline);
    const calling = calls.start(streaming.plan, parameters, { ...options, timeoutMs }, job, streaming.result);
    return await calling.catch((thrown: unknown) => {
      streaming.failed();
      throw thrown;
    });
  } catch (thrown) {
    throw describe(thrown);
  }
}
