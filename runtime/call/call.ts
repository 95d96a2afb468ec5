import type { ResponseRule } from "../../schema/ir.ts";
import { type Credentials, noCredentials } from "../credentials/credentials.ts";
import { ConnectorError } from "../errors.ts";
import { withoutSecrets } from "../failure.ts";
import type { Awaitable, WireRequest } from "../ports.ts";
import type { Overrides } from "../request/plan.ts";
import { ReceivedAnswer } from "../request/received-answer.ts";
import { redirectTarget, type Whence } from "../request/redirect.ts";
import type { Ending, Failed, Received } from "../request/send.ts";
import { decodeBody } from "../response/decode.ts";
import { inRanges } from "../response/matcher.ts";
import { nextTry, type PassingFailure } from "../retry/next-try.ts";
import { parseRetryAfter } from "../retry/retry-after.ts";
import { isPromise } from "../settled.ts";
import type { CallTrace } from "../telemetry/call-trace.ts";
import { type Attempted, type AttemptOwner, attempt } from "./attempt.ts";
import { learnOutcome } from "./attempt-outcome.ts";
import { mayBeCut } from "./cut-answer.ts";
import type { Course, Job } from "./job.ts";
import { tellPacer } from "./server-word.ts";
import { requestIdOf } from "./status-error.ts";
import { isConnectionFailure, transportFailure } from "./transport-failure.ts";
import { judgeAnswer } from "./verdict.ts";

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

/** What the owner of an exchange makes of its end. A promise of its own around that of the exchange would cost as much as all of this. */
export interface Ends<R> {
  /** Follows the exchange where somebody listens. */
  readonly trace: CallTrace | undefined;
  result(done: Exchanged): R;
  /** What is thrown in place of an error. */
  error(thrown: unknown): unknown;
  /** Last, whichever way it ended. */
  over(): void;
}

const asItIs: Ends<Exchanged> = {
  trace: undefined,
  result: (done) => done,
  error: (thrown) => thrown,
  over: () => {},
};

/** Carries out an exchange whose end its owner awaits by itself. */
export function execute(job: Job, trace?: CallTrace): Promise<Exchanged> {
  return carryOut(job, trace ? { ...asItIs, trace } : asItIs);
}

/** The executor: credentials, encoding, destination, admission, signing, sending, judging, reading; again where that is right. */
export function carryOut<R>(job: Job, ends: Ends<R>): Promise<R> {
  return new Promise((resolve, reject) => new Execution(job, ends, resolve, reject).once());
}

/**
 * One exchange on its way, with the one promise of its call: what comes is handled where it comes, and where nothing has to be
 * waited for, no other promise is made.
 */
class Execution<R> implements Course, AttemptOwner {
  attempts = 0;
  hops = 0;
  challenges = 0;
  renewed = false;
  retimed = false;
  resumed = false;
  aheadMs = 0;
  sentAt = 0;
  overrides: Course["overrides"];
  scope: Course["scope"] = undefined;
  readonly trace: CallTrace | undefined;
  readonly #job: Job;
  readonly #ends: Ends<R>;
  readonly #resolve: (result: R) => void;
  readonly #reject: (error: unknown) => void;
  /** Of the last attempt. */
  #credentials: Credentials = noCredentials;
  #settled = false;

  constructor(job: Job, ends: Ends<R>, resolve: (result: R) => void, reject: (error: unknown) => void) {
    this.overrides = job.overrides;
    this.trace = ends.trace;
    this.#job = job;
    this.#ends = ends;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** Sends the request once, and again where that is right. Never throws. */
  once(): void {
    const { credentials, deadline } = this.#job;
    try {
      if (deadline.ended) throw deadline.ended;
      const held = credentials.current();
      if (this.trace) this.trace.credentials(isPromise(held));
      if (isPromise(held))
        deadline.race(held).then(
          (late) => this.#attempt(late),
          (thrown) => this.#fail(thrown),
        );
      else this.#attempt(held);
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  #attempt(credentials: Credentials): void {
    const job = this.#job;
    this.#credentials = credentials;
    try {
      this.aheadMs = aheadOf(job, credentials);
      if (job.again && this.attempts > 0) this.overrides = job.again(this.overrides);
      const scope = job.scope(credentials, this.aheadMs);
      const draft = job.plan.draft(scope, this.overrides);
      job.judgeDestination(draft, job.plan.foreignDestination, scope);
      job.core.circuits.check(draft.origin);
      attempt(job, this, credentials, scope, draft, this);
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  attempted(attempted: Attempted, ending: Ending): void {
    let judged: Awaitable<Exchanged | undefined>;
    try {
      const told = settle(this.#job, this, attempted, ending);
      judged = judge(this.#job, this, this.#credentials, attempted.request, told);
    } catch (thrown) {
      this.#fail(thrown);
      return;
    }
    if (isPromise(judged))
      judged.then(
        (done) => this.#judged(done),
        (thrown) => this.#fail(thrown),
      );
    else this.#judged(judged);
  }

  unattempted(thrown: unknown): void {
    this.#fail(thrown);
  }

  #judged(done: Exchanged | undefined): void {
    if (!done) {
      this.once();
      return;
    }
    let result: R;
    try {
      result = this.#ends.result(done);
    } catch (thrown) {
      this.#fail(thrown);
      return;
    }
    this.#settled = true;
    this.#ends.over();
    this.#resolve(result);
  }

  #fail(thrown: unknown): void {
    if (this.#settled) return;
    this.#settled = true;
    try {
      this.#reject(this.#ends.error(afterAttempts(this.#job, this, thrown)));
    } catch (worse) {
      this.#reject(worse);
    } finally {
      this.#ends.over();
    }
  }
}

function afterAttempts(job: Job, { scope, attempts }: Course, thrown: unknown): unknown {
  if (!ConnectorError.is(thrown) || !scope) return thrown;
  // Servers echo what they were sent.
  const error = withoutSecrets(thrown, job.plan.secretTexts(scope));
  return attempts > 0 ? error.with({ attempts }) : error;
}

/** What the server's clock is known to be ahead of ours. */
function aheadOf(job: Job, credentials: Credentials): number {
  const { clocks } = job.core;
  return clocks.known ? clocks.offset(job.plan.origin(job.scope(credentials))) : 0;
}

/** Tells the pacer what the server said, then ends the leave: an unsent request gives its tokens back. */
function settle(job: Job, course: Course, attempted: Attempted, ending: Ending): Received | Failed {
  const { lane, admission } = attempted;
  learnOutcome(job, course.sentAt, attempted, ending);
  if (course.trace) course.trace.answered(ending);
  const sent = ending.kind === "received" || (ending.kind === "failed" ? ending.error.sent : ending.sent);
  if (ending.kind === "received") tellPacer(job.core, lane, ending);
  if (sent) admission.finished();
  else admission.unused();
  if (sent && ending.kind !== "received") job.unanswered?.();
  if (ending.kind === "cut") throw ending.error;
  return ending;
}

/** The result, or undefined where the exchange is to be made again; at once where nothing has to be waited for. */
function judge(
  job: Job,
  course: Course,
  credentials: Credentials,
  { origin, path, method }: WireRequest,
  ending: Received | Failed,
): Awaitable<Exchanged | undefined> {
  if (ending.kind === "failed") return afterFailure(job, course, origin, ending);
  const whence: Whence = { method, origin, path };
  if (isRedirected(job, course, ending, whence)) return undefined;
  const answer = job.answer?.(ending) ?? new ReceivedAnswer(ending);
  if (isMistimed(job, course, origin, answer)) return undefined;
  const xml = answer.readXmlFailure();
  if (xml) return job.deadline.race(xml).then(() => afterAnswer(job, course, credentials, whence, answer));
  return afterAnswer(job, course, credentials, whence, answer);
}

async function afterFailure(
  job: Job,
  course: Course,
  origin: string,
  { error: fault, status }: Failed,
): Promise<undefined> {
  const failure = transportFailure(fault, origin);
  const error = status === undefined ? failure : failure.with({ status });
  if (!isConnectionFailure(fault)) throw error;
  course.trace?.enter("backoff");
  await nextTry(job, course.attempts, origin, {
    error,
    nothingDone: !fault.sent || fault.nothingDone === true,
  });
}

/** A redirect that is followed. Where the descriptor takes a 3xx for a success, the answer itself is what is wanted. */
function isRedirected(job: Job, course: Course, received: Received, whence: Whence): boolean {
  const { status } = received;
  if (status < 300 || status >= 400 || inRanges(status, job.rules.response.success_status)) return false;
  const target = redirectTarget(received, whence, course.hops);
  if (target === undefined) return false;
  course.hops++;
  course.attempts--;
  course.overrides = { ...course.overrides, url: { origin: whence.origin, target } };
  return true;
}

function afterAnswer(
  job: Job,
  course: Course,
  credentials: Credentials,
  whence: Whence,
  answer: ReceivedAnswer,
): Awaitable<Exchanged | undefined> {
  const resumed = course.resumed ? undefined : job.resumed?.(answer);
  if (resumed) return resume(job, course, resumed);
  const verdict = judgeAnswer(answer, job.rules);
  if (verdict.kind === "accepted") return read(job, course, whence, answer, verdict.ignored);
  const { clock } = job.core;
  const retryAfterMs = parseRetryAfter(answer.headers.get("retry-after"), clock.wall());
  switch (verdict.kind) {
    case "failed":
      throw retryAfterMs === undefined
        ? verdict.error
        : verdict.error.with({ retryAt: clock.wall() + retryAfterMs });
    case "refused":
      return meets(job, course, whence.origin, answer)
        ? undefined
        : renew(job, course, credentials, verdict.error);
    case "passing": {
      const { error, nothingDone } = verdict;
      return again(job, course, whence.origin, { error, nothingDone, retryAfterMs });
    }
  }
}

/** The server did nothing but to say that it knows the session no more. */
async function resume(job: Job, course: Course, opening: Promise<Overrides>): Promise<undefined> {
  course.resumed = true;
  course.attempts--;
  course.overrides = await job.deadline.race(opening);
}

async function again(job: Job, course: Course, origin: string, failure: PassingFailure): Promise<undefined> {
  course.trace?.enter("backoff");
  await nextTry(job, course.attempts, origin, failure);
}

const refusals: ReadonlySet<number> = new Set([400, 401, 403]);

/** A refusal by a server whose clock is far from the one that the request was made for: once more, by its clock. */
function isMistimed(job: Job, course: Course, origin: string, { status, headers }: ReceivedAnswer): boolean {
  const { clock, clocks } = job.core;
  if (status < 400 && !job.readsClock) return false;
  const wall = clock.wall();
  clocks.learn(origin, headers, wall - (clock.now() - course.sentAt), wall);
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
): Promise<undefined> {
  if (course.renewed) job.credentials.rejected(credentials);
  if (course.renewed || course.attempts >= job.rules.retry.max_attempts) throw refusal;
  course.renewed = true;
  course.trace?.credentials(true);
  const renewed = await job.deadline.race(job.credentials.renew(credentials));
  if (!renewed) throw refusal;
}

function read(
  job: Job,
  course: Course,
  whence: Whence,
  answer: ReceivedAnswer,
  ignored: boolean,
): Awaitable<Exchanged | undefined> {
  if (course.trace) course.trace.enter("decode");
  let data: unknown;
  try {
    data = decode(answer, job.rules.response);
  } catch (thrown) {
    return unread(job, course, whence, answer, ignored, thrown);
  }
  if (!isPromise(data)) return exchanged(job, course, whence, answer, ignored, data);
  return job.deadline.race(data).then(
    (late) => exchanged(job, course, whence, answer, ignored, late),
    (thrown) => unread(job, course, whence, answer, ignored, thrown),
  );
}

function exchanged(
  job: Job,
  { attempts, hops, sentAt }: Course,
  whence: Whence,
  answer: ReceivedAnswer,
  ignored: boolean,
  data: unknown,
): Exchanged {
  job.core.budget.succeeded(job.tenant, whence.origin);
  const requestId = requestIdOf(answer.headers);
  return { answer, data, ignored, attempts, hops, requestId, sentAt, whence };
}

function unread(
  job: Job,
  course: Course,
  whence: Whence,
  answer: ReceivedAnswer,
  ignored: boolean,
  thrown: unknown,
): Awaitable<Exchanged | undefined> {
  const unreadable = ConnectorError.is(thrown) && thrown.code === "response_invalid";
  if (unreadable && ignored) return exchanged(job, course, whence, answer, ignored, null);
  if (!unreadable || !mayBeCut(thrown, answer, job.rules.response)) throw withStatus(thrown, answer);
  const error = transportFailure(
    { kind: "truncated", message: "the answer ended midway", sent: true },
    whence.origin,
  );
  return again(job, course, whence.origin, {
    error: error.with({ status: answer.status }),
    nothingDone: false,
  });
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
