import type { CallLane } from "../connection/limits.ts";
import { type Credentials, secretsOf } from "../credentials/credentials.ts";
import type { Deadline } from "../deadline.ts";
import type { ClientCertificate, WireRequest } from "../ports.ts";
import type { Draft, Signed } from "../request/plan.ts";
import type { Scope } from "../request/scope.ts";
import { type Ending, Sending } from "../request/send.ts";
import type { CallTrace } from "../telemetry/call-trace.ts";
import { type Admission, type AdmissionRequest, admit } from "./admission.ts";
import type { Course, Job } from "./job.ts";

/** A request that went, or was cut off on its way, with the leave under which it did. */
export interface Attempted {
  readonly request: WireRequest;
  readonly admission: Admission;
  readonly lane: CallLane | undefined;
  /** It tries an origin whose circuit is open. */
  readonly probe: boolean;
}

/** Who makes an attempt: hears one of the two, once. Neither throws. */
export interface AttemptOwner {
  attempted(attempted: Attempted, ending: Ending): void;
  /** Nothing was sent. */
  unattempted(thrown: unknown): void;
}

/**
 * One attempt: the leave to send, the signature, the request. Its owner is told without a promise in between, and perhaps
 * before this returns; what is granted later goes on from the grant itself.
 */
export function attempt(
  job: Job,
  course: Course,
  credentials: Credentials,
  scope: Scope,
  draft: Draft,
  owner: AttemptOwner,
): void {
  new Attempt(job, course, credentials, scope, draft, owner).start();
}

/** One object for all that a request waits for, from its draft to the end of its answer. */
class Attempt implements AdmissionRequest {
  readonly origin: string;
  readonly client: ClientCertificate | undefined;
  readonly lane: CallLane | undefined;
  readonly #job: Job;
  readonly #course: Course;
  readonly #credentials: Credentials;
  readonly #scope: Scope;
  readonly #draft: Draft;
  readonly #owner: AttemptOwner;
  #waits = true;
  #told = false;

  constructor(
    job: Job,
    course: Course,
    credentials: Credentials,
    scope: Scope,
    draft: Draft,
    owner: AttemptOwner,
  ) {
    this.origin = draft.origin;
    this.client = job.client(credentials);
    this.lane = job.lane(credentials);
    this.#job = job;
    this.#course = course;
    this.#credentials = credentials;
    this.#scope = scope;
    this.#draft = draft;
    this.#owner = owner;
  }

  start(): void {
    admit(this.#job, this);
    if (this.#course.trace && this.#waits) this.#course.trace.enter("wait");
  }

  admitted(admission: Admission): void {
    const { beforeSend } = this.#job;
    if (beforeSend)
      stillRight(beforeSend, admission).then(
        () => this.#send(admission),
        (thrown) => this.refused(thrown),
      );
    else this.#send(admission);
  }

  refused(thrown: unknown): void {
    this.#waits = false;
    if (this.#told) return;
    this.#told = true;
    this.#owner.unattempted(thrown);
  }

  #send(admission: Admission): void {
    this.#waits = false;
    const job = this.#job;
    const course = this.#course;
    const { core, deadline } = job;
    try {
      const signed = sign(job, this.#credentials, this.#draft, this.#scope, course, admission);
      const probe = enterCircuit(job, signed.origin, admission);
      course.scope = this.#scope;
      course.attempts++;
      course.sentAt = core.clock.now();
      const wire = wireRequest(job, signed, this.client);
      const request = course.trace ? traced(job, this.#credentials, this.#scope, course.trace, wire) : wire;
      new Sent(this, deadline, request, admission, probe).start(core.transport, request);
    } catch (thrown) {
      this.refused(thrown);
    }
  }

  /** Once, whatever a transport of the host's own says after the end. */
  over(sent: Sent, ending: Ending): void {
    if (this.#told) return;
    this.#told = true;
    this.#owner.attempted(sent, ending);
  }
}

/** The request of an attempt on its way. */
class Sent extends Sending implements Attempted {
  readonly request: WireRequest;
  readonly admission: Admission;
  readonly probe: boolean;
  readonly #attempt: Attempt;

  constructor(
    attempt: Attempt,
    deadline: Deadline,
    request: WireRequest,
    admission: Admission,
    probe: boolean,
  ) {
    super(deadline);
    this.request = request;
    this.admission = admission;
    this.probe = probe;
    this.#attempt = attempt;
  }

  get lane(): CallLane | undefined {
    return this.#attempt.lane;
  }

  protected override over(ending: Ending): void {
    this.#attempt.over(this, ending);
  }
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
