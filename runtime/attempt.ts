import { type Admission, admit } from "./admission.ts";
import { type Credentials, secretsOf } from "./credentials/credentials.ts";
import type { Course, Job } from "./job.ts";
import type { CallLane } from "./limits.ts";
import type { ClientCertificate, WireRequest } from "./ports.ts";
import type { Draft, Signed } from "./request/plan.ts";
import type { Scope } from "./request/scope.ts";
import { type Cut, type Failed, type Received, Sending } from "./request/send.ts";
import type { CallTrace } from "./telemetry/call-trace.ts";

/** A request that went, or was cut off on its way, with the leave under which it did. */
export interface Attempted {
  readonly ending: Received | Failed | Cut;
  readonly request: WireRequest;
  readonly admission: Admission;
  readonly lane: CallLane | undefined;
  /** It tries an origin whose circuit is open. */
  readonly probe: boolean;
}

/**
 * One attempt: the leave to send, the signature, the request. One promise from the wait for a connection to the end of
 * the answer; what is granted later goes on from the grant itself. Rejects where nothing was sent.
 */
export function attempt(
  job: Job,
  course: Course,
  credentials: Credentials,
  scope: Scope,
  draft: Draft,
): Promise<Attempted> {
  return new Promise((resolve, reject) => {
    const { core, deadline, cost } = job;
    const lane = job.lane(credentials);
    const client = job.client(credentials);
    let admittedAtOnce = false;
    const go = (admission: Admission): void => {
      admittedAtOnce = true;
      try {
        const signed = sign(job, credentials, draft, scope, course, admission);
        const probe = enterCircuit(job, signed.origin, admission);
        course.scope = scope;
        course.attempts++;
        course.sentAt = core.clock.now();
        const wire = wireRequest(job, signed, client);
        const request = course.trace ? traced(job, credentials, scope, course.trace, wire) : wire;
        new Sending(deadline, (ending) => resolve({ ending, request, admission, lane, probe })).start(
          core.transport,
          request,
        );
      } catch (thrown) {
        reject(thrown);
      }
    };
    const { beforeSend } = job;
    const admitted = beforeSend
      ? (admission: Admission): void => {
          stillRight(beforeSend, admission).then(() => go(admission), reject);
        }
      : go;
    admit({ core, deadline, origin: draft.origin, client, lane, cost }, admitted, reject);
    if (course.trace && !admittedAtOnce) course.trace.enter("wait");
  });
}

async function stillRight(beforeSend: () => Promise<void>, admission: Admission): Promise<void> {
  try {
    await beforeSend();
  } catch (thrown) {
    admission.unused();
    throw thrown;
  }
}

/** Throws where the origin is held to be down by now; the tokens go back. */
function enterCircuit({ core }: Job, origin: string, admission: Admission): boolean {
  try {
    return core.circuits.enter(origin);
  } catch (thrown) {
    admission.unused();
    throw thrown;
  }
}

function traced(
  { plan }: Job,
  credentials: Credentials,
  scope: Scope,
  trace: CallTrace,
  request: WireRequest,
): WireRequest {
  return trace.attempt(request, plan.exchange, () => [...secretsOf(credentials), ...plan.secretTexts(scope)]);
}

/** What ages is built now, after the wait; a fault gives the tokens back. */
function sign(
  job: Job,
  credentials: Credentials,
  draft: Draft,
  before: Scope,
  course: Course,
  admission: Admission,
): Signed {
  try {
    const { plan } = job;
    if (!plan.clocked) return plan.sign(draft, before);
    const scope = job.scope(credentials, course.aheadMs);
    return plan.sign(plan.timed ? plan.draft(scope, course.overrides) : draft, scope);
  } catch (thrown) {
    admission.unused();
    throw thrown;
  }
}

function wireRequest(job: Job, signed: Signed, client: ClientCertificate | undefined): WireRequest {
  const { origin, path, headers, body } = signed;
  return {
    origin,
    path,
    method: job.plan.exchange.method,
    headers,
    body,
    idempotent: job.repeatable,
    limits: job.core.limits,
    client,
  };
}
