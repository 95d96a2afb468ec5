import type { ResponseRule } from "../schema/ir.ts";
import { type Admission, admit } from "./admission.ts";
import type { Core } from "./core.ts";
import type { ClientOf } from "./credentials/client-certificate.ts";
import type { Credentials } from "./credentials/credentials.ts";
import type { CredentialHolder } from "./credentials/holder.ts";
import type { Deadline } from "./deadline.ts";
import type { JudgeDestination } from "./destinations.ts";
import { ConnectorError } from "./errors.ts";
import { withoutSecrets } from "./failure.ts";
import type { CallLane } from "./limits.ts";
import type { ClientCertificate } from "./ports.ts";
import type { Draft, ExchangePlan, Overrides, Signed } from "./request/plan.ts";
import { ReceivedAnswer } from "./request/received-answer.ts";
import { redirectTarget, type Whence } from "./request/redirect.ts";
import type { Scope } from "./request/scope.ts";
import { type Cut, type Failed, type Received, send } from "./request/send.ts";
import { decodeBody } from "./response/decode.ts";
import { inRanges } from "./response/matcher.ts";
import { nextTry } from "./retry/next-try.ts";
import { parseRetryAfter } from "./retry/retry-after.ts";
import { tellPacer } from "./server-word.ts";
import { isPromise } from "./settled.ts";
import { requestIdOf } from "./status-error.ts";
import { isConnectionFailure, transportFailure } from "./transport-failure.ts";
import { type AnswerRules, judgeAnswer } from "./verdict.ts";

/** One exchange to carry out: an operation, a page of it, a chain step, a token call or a check. */
export interface Job {
  readonly core: Core;
  readonly plan: ExchangePlan;
  readonly rules: AnswerRules;
  readonly deadline: Deadline;
  readonly tenant: string;
  readonly credentials: CredentialHolder;
  readonly overrides: Overrides;
  readonly cost: number;
  /** Safe to send again: by its method, or under an idempotency key. */
  readonly repeatable: boolean;
  /** `aheadMs`: how far the server's clock is ahead of ours. */
  readonly scope: (credentials: Credentials, aheadMs?: number) => Scope;
  readonly lane: (credentials: Credentials) => CallLane | undefined;
  readonly client: ClientOf;
  /** The answer is about time, a token's end say: the server's clock is learned from it. */
  readonly readsClock?: boolean;
  /** Asked right before the request goes, for what must still hold after a wait. */
  readonly beforeSend?: () => Promise<void>;
  /** Throws where the request must not go. */
  readonly judgeDestination: JudgeDestination;
}

/** A successful exchange. */
export interface Exchanged {
  readonly answer: ReceivedAnswer;
  /** The decoded body. */
  readonly data: unknown;
  readonly attempts: number;
  readonly requestId: string | undefined;
  /** Redirects that were followed. */
  readonly hops: number;
  /** An `errors` rule took the answer for a success; data is null where its body cannot be read. */
  readonly ignored: boolean;
  /** When the request went, clock.now() milliseconds. */
  readonly sentAt: number;
  /** Where the answer came from: relative URLs in it are resolved against this. */
  readonly whence: Whence;
}

/** What an exchange has behind it. */
interface Course {
  attempts: number;
  hops: number;
  /** Challenges that were met. */
  challenges: number;
  renewed: boolean;
  /** Sent again by the server's clock. */
  retimed: boolean;
  /** Of the last attempt: how far the server's clock was held to be ahead, and when it went by both of our clocks. */
  aheadMs: number;
  sentAt: number;
  sentWall: number;
  overrides: Overrides;
  /** Of the last attempt. */
  scope: Scope | undefined;
}

/** The executor: credentials, encoding, destination, admission, signing, sending, judging, reading; again where that is right. */
export async function execute(job: Job): Promise<Exchanged> {
  const course: Course = {
    attempts: 0,
    hops: 0,
    challenges: 0,
    renewed: false,
    retimed: false,
    aheadMs: 0,
    sentAt: 0,
    sentWall: 0,
    overrides: job.overrides,
    scope: undefined,
  };
  try {
    for (;;) {
      if (job.deadline.ended) throw job.deadline.ended;
      const held = job.credentials.current();
      const credentials = isPromise(held) ? await job.deadline.race(held) : held;
      course.aheadMs = aheadOf(job, credentials);
      const scope = job.scope(credentials, course.aheadMs);
      const draft = job.plan.draft(scope, course.overrides);
      job.judgeDestination(draft, job.plan.foreignDestination, scope);
      const lane = job.lane(credentials);
      const leave = admit({
        core: job.core,
        deadline: job.deadline,
        origin: draft.origin,
        client: job.client(credentials),
        lane,
        cost: job.cost,
      });
      const admission = isPromise(leave) ? await leave : leave;
      if (job.beforeSend) await stillRight(job.beforeSend, admission);
      const signed = sign(job, credentials, draft, course, admission);
      course.scope = scope;
      course.attempts++;
      course.sentAt = job.core.clock.now();
      course.sentWall = job.core.clock.wall();
      const ending = await send(
        job.core.transport,
        wireRequest(job, signed, job.client(credentials)),
        job.deadline,
      );
      const done = await judge(job, course, credentials, signed, settle(job, lane, admission, ending));
      if (done) return done;
    }
  } catch (thrown) {
    if (!ConnectorError.is(thrown) || !course.scope) throw thrown;
    // Servers echo what they were sent.
    const error = withoutSecrets(thrown, job.plan.secretTexts(course.scope));
    throw course.attempts > 0 ? error.with({ attempts: course.attempts }) : error;
  }
}

/** What the server's clock is known to be ahead of ours. */
function aheadOf({ core, plan, scope }: Job, credentials: Credentials): number {
  return core.clocks.known ? core.clocks.offset(plan.origin(scope(credentials))) : 0;
}

async function stillRight(beforeSend: () => Promise<void>, admission: Admission): Promise<void> {
  try {
    await beforeSend();
  } catch (thrown) {
    admission.unused();
    throw thrown;
  }
}

/** What ages is built now, after the wait; a fault gives the tokens back. */
function sign(
  job: Job,
  credentials: Credentials,
  draft: Draft,
  course: Course,
  admission: Admission,
): Signed {
  try {
    const scope = job.scope(credentials, course.aheadMs);
    return job.plan.sign(job.plan.timed ? job.plan.draft(scope, course.overrides) : draft, scope);
  } catch (thrown) {
    admission.unused();
    throw thrown;
  }
}

function wireRequest(
  job: Job,
  signed: Signed,
  client: ClientCertificate | undefined,
): Parameters<typeof send>[1] {
  const { method } = job.plan.exchange;
  const { origin, path, headers, body } = signed;
  return {
    origin,
    path,
    method,
    headers,
    idempotent: job.repeatable,
    limits: job.core.limits,
    ...(body === undefined ? {} : { body }),
    ...(client === undefined ? {} : { client }),
  };
}

/** Tells the pacer what the server said, then ends the leave: an unsent request gives its tokens back. */
function settle(
  job: Job,
  lane: CallLane | undefined,
  admission: Admission,
  ending: Received | Failed | Cut,
): Received | Failed {
  const sent = ending.kind === "received" || (ending.kind === "failed" ? ending.error.sent : ending.sent);
  if (ending.kind === "received") {
    tellPacer(
      job.core,
      lane,
      ending,
      parseRetryAfter(ending.headers.get("retry-after"), job.core.clock.wall()),
    );
  }
  if (sent) admission.finished();
  else admission.unused();
  if (ending.kind === "cut") throw ending.error;
  return ending;
}

/** The result, or undefined where the exchange is to be made again. */
async function judge(
  job: Job,
  course: Course,
  credentials: Credentials,
  signed: Signed,
  ending: Received | Failed,
): Promise<Exchanged | undefined> {
  if (ending.kind === "failed") {
    const failure = transportFailure(ending.error, signed.origin);
    const error = ending.status === undefined ? failure : failure.with({ status: ending.status });
    if (!isConnectionFailure(ending.error)) throw error;
    await nextTry(job, course.attempts, signed.origin, { error, nothingDone: !ending.error.sent });
    return undefined;
  }
  const whence: Whence = { method: job.plan.exchange.method, origin: signed.origin, path: signed.path };
  // Where the descriptor takes a 3xx for a success, the answer itself is what is wanted.
  const target = inRanges(ending.status, job.rules.response.success_status)
    ? undefined
    : redirectTarget(ending, whence, course.hops);
  if (target !== undefined) {
    course.hops++;
    course.attempts--;
    course.overrides = { ...course.overrides, url: { origin: signed.origin, target } };
    return undefined;
  }
  const answer = new ReceivedAnswer(ending);
  if (isMistimed(job, course, signed.origin, answer)) return undefined;
  const xml = answer.readXmlFailure();
  if (xml) await job.deadline.race(xml);
  const verdict = judgeAnswer(answer, job.rules);
  const retryAfterMs = parseRetryAfter(ending.headers.get("retry-after"), job.core.clock.wall());
  switch (verdict.kind) {
    case "failed":
      throw retryAfterMs === undefined
        ? verdict.error
        : verdict.error.with({ retryAt: job.core.clock.wall() + retryAfterMs });
    case "refused":
      if (meets(job, course, signed.origin, answer)) return undefined;
      await renew(job, course, credentials, verdict.error);
      return undefined;
    case "passing": {
      await nextTry(job, course.attempts, signed.origin, {
        error: verdict.error,
        nothingDone: verdict.nothingDone,
        retryAfterMs,
      });
      return undefined;
    }
    case "accepted":
      return read(job, course, whence, answer, verdict.ignored);
  }
}

const refusals: ReadonlySet<number> = new Set([400, 401, 403]);

/** A refusal by a server whose clock is far from the one that the request was made for: once more, by its clock. */
function isMistimed(job: Job, course: Course, origin: string, { status, headers }: ReceivedAnswer): boolean {
  const { clock, clocks } = job.core;
  if (status >= 400 || job.readsClock) clocks.learn(origin, headers, course.sentWall, clock.wall());
  if (course.retimed || !job.plan.clocked || !refusals.has(status)) return false;
  if (course.attempts >= job.rules.retry.max_attempts || !clocks.differs(origin, course.aheadMs))
    return false;
  course.retimed = true;
  return true;
}

/** A scheme that begins with the server's challenge: the request goes again, signed. A stale nonce is asked for once more. */
function meets(job: Job, course: Course, origin: string, { status, headers }: ReceivedAnswer): boolean {
  if (status !== 401 || course.challenges >= 2) return false;
  if (!job.plan.challenged(origin, headers.get("www-authenticate"))) return false;
  course.challenges++;
  course.attempts--;
  return true;
}

/** Promise 6: a refused credential is renewed once and the exchange replayed once. */
async function renew(
  job: Job,
  course: Course,
  credentials: Credentials,
  refusal: ConnectorError,
): Promise<void> {
  if (course.renewed) job.credentials.rejected(credentials);
  if (course.renewed || course.attempts >= job.rules.retry.max_attempts) throw refusal;
  course.renewed = true;
  const renewed = await job.deadline.race(job.credentials.renew(credentials));
  if (!renewed) throw refusal;
}

async function read(
  job: Job,
  course: Course,
  whence: Whence,
  answer: ReceivedAnswer,
  ignored: boolean,
): Promise<Exchanged | undefined> {
  let data: unknown;
  try {
    const decoded = decode(answer, job.rules.response);
    data = isPromise(decoded) ? await job.deadline.race(decoded) : decoded;
  } catch (thrown) {
    const unreadable = ConnectorError.is(thrown) && thrown.code === "response_invalid";
    if (!unreadable || (!ignored && answer.received.framing !== "close")) throw withStatus(thrown, answer);
    if (!ignored) {
      // Nothing but the closing of the connection ended this body: what does not parse was cut.
      const error = transportFailure(
        { kind: "truncated", message: "the answer ended midway", sent: true },
        whence.origin,
      );
      await nextTry(job, course.attempts, whence.origin, {
        error: error.with({ status: answer.status }),
        nothingDone: false,
      });
      return undefined;
    }
    data = null;
  }
  job.core.budget.succeeded(job.tenant, whence.origin);
  const requestId = requestIdOf(answer.headers);
  const { attempts, hops, sentAt } = course;
  return { answer, data, ignored, attempts, hops, requestId, sentAt, whence };
}

function decode(answer: ReceivedAnswer, rule: ResponseRule): unknown {
  return rule.type === "json"
    ? answer.strictJson()
    : decodeBody(answer.received.chunks, rule.type, answer.headers.get("content-type"));
}

function withStatus(thrown: unknown, answer: ReceivedAnswer): unknown {
  if (!ConnectorError.is(thrown)) return thrown;
  const requestId = requestIdOf(answer.headers);
  return thrown.with({ status: answer.status, ...(requestId === undefined ? {} : { requestId }) });
}
