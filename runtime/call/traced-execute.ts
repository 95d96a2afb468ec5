import { ConnectorError } from "../errors.ts";
import type { CallTrace } from "../telemetry/call-trace.ts";
import type { TraceSubject } from "../telemetry/telemetry.ts";
import { type Exchanged, execute } from "./call.ts";
import type { Job } from "./job.ts";

/** Carries out an exchange that is no call of the host's, told to telemetry as what `subject` says. */
export function executeTraced(job: Job, subject: TraceSubject): Promise<Exchanged> {
  const { telemetry } = job.core;
  return telemetry.active ? follow(job, telemetry.begin(subject)) : execute(job);
}

async function follow(job: Job, trace: CallTrace): Promise<Exchanged> {
  try {
    const done = await execute(job, trace);
    trace.end(done.attempts, done.answer.status, undefined);
    return done;
  } catch (thrown) {
    const error = ConnectorError.is(thrown) ? thrown : undefined;
    trace.end(error?.attempts ?? 0, error?.status, error?.code ?? "internal");
    throw thrown;
  }
}
