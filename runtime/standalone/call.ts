/** The executor: credentials, encoding, destination, limits, signing, sending, judging; again where that is right. */
import type {
  ExchangePlan,
  PlacementPlan,
  Plan,
  ProfilePlan,
  RetryPlan,
  RulePlan,
} from "../../schema/standalone-plan.ts";
import { parseRetryAfter } from "../retry/retry-after.ts";
import { type Answer, decode, inRanges } from "./answer.ts";
import type { Course } from "./course.ts";
import type { Credentials, Holder } from "./credentials.ts";
import { judgeDestination } from "./destination.ts";
import { amended, ConnectorError, type ErrorFields, failure } from "./errors.ts";
import { type QuotasOf, tellPacer } from "./limits.ts";
import type { Grant } from "./pacer.ts";
import { planHas } from "./plan-has.ts";
import { type Additions, type Draft, draftOf, placed, put } from "./request.ts";
import { createScrubber } from "./scrub.ts";
import type { Signer } from "./signers.ts";
import { differs, learnClock } from "./skew.ts";
import type { Scope } from "./template.ts";
import { type Fault, passing, send } from "./transport.ts";
import { judged, requestIdOf } from "./verdict.ts";
import type { World } from "./world.ts";

export interface Job {
  readonly world: World;
  readonly plan: Plan;
  readonly exchange: ExchangePlan;
  readonly placement: PlacementPlan;
  readonly profile: ProfilePlan | undefined;
  readonly holder: Holder;
  readonly signer: Signer | undefined;
  readonly course: Course;
  readonly tenant: string;
  readonly additions: Additions;
  readonly limits: readonly number[];
  readonly quotasOf: QuotasOf;
  readonly cost: number;
  readonly retry: RetryPlan;
  readonly errors: readonly RulePlan[];
  /** Safe to send again. */
  readonly repeatable: boolean;
  scope(credentials: Credentials, aheadMs: number): Scope;
}

export interface Exchanged {
  readonly answer: Answer;
  readonly data: unknown;
  readonly attempts: number;
  readonly requestId: string | undefined;
  /** When the request went, by clock.now(). */
  readonly sentAt: number;
}

export const usualRetry: RetryPlan = [3, [408, 425, 429, 500, 502, 503, 504], 100, 20_000];

/** How many redirects one exchange follows. */
const mostHops = 3;
/** 100 retries at one origin, of which each success gives back a fifth. */
const budget = 500;
const price = 5;

export async function execute(job: Job): Promise<Exchanged> {
  const secrets: unknown[] = [];
  const progress = { attempts: 0 };
  try {
    return await attempt(job, secrets, progress);
  } catch (thrown) {
    if (!ConnectorError.is(thrown)) throw thrown;
    // Servers echo what they were sent.
    const { attempts } = progress;
    throw withoutSecrets(thrown, secrets, attempts > 0 ? { attempts } : {});
  }
}

async function attempt(job: Job, secrets: unknown[], progress: { attempts: number }): Promise<Exchanged> {
  const { world, exchange, course, holder, signer, retry } = job;
  const { clock, ahead } = world;
  const additions = { ...job.additions };
  let hops = 0;
  let challenges = 0;
  let renewed = false;
  let retimed = false;
  for (;;) {
    course.signal.throwIfAborted();
    const credentials = await course.race(holder.current());
    let made = drafted(job, credentials, 0, additions, secrets);
    const { origin } = made.draft;
    const aheadMs = planHas.clocked ? (ahead.get(origin) ?? 0) : 0;
    judgeDestination(job, made.draft, made.scope);
    const { grant, waited } = await admitted(job, credentials);
    let sent = false;
    let result: Answer | Fault;
    let sentAt: number;
    try {
      // What ages is built after the wait.
      if (waited || aheadMs !== 0) made = drafted(job, credentials, aheadMs, additions, secrets);
      const { target, headers } = placed(made.draft, job.placement, exchange.method, made.scope, secrets);
      const { body } = made.draft;
      if (planHas.signer && signer)
        put(headers, signer.sign({ method: exchange.method, origin, target, headers, body }, made.scope));
      progress.attempts++;
      sentAt = clock.now();
      sent = true;
      result = await course.race(
        send(world, { url: origin + target, method: exchange.method, headers, body }, course.signal),
      );
      if ("unsent" in result && result.unsent) sent = false;
      if ("headers" in result)
        tellPacer(world, job.plan, job.limits, job.quotasOf(job.limits, credentials), result);
    } finally {
      if (sent) grant?.release();
      else grant?.refund();
    }
    if ("unsent" in result) {
      if (!result.passing) throw result.error;
      await again(job, progress.attempts, origin, result);
      continue;
    }
    const target = redirected(job, result, hops);
    if (target !== undefined) {
      hops++;
      progress.attempts--;
      additions.url = target;
      continue;
    }
    const { status, headers } = result;
    if (planHas.clocked) {
      learnClock(world, origin, result, sentAt);
      if (!retimed && progress.attempts < retry[0] && differs(world, origin, status, aheadMs)) {
        retimed = true;
        continue;
      }
    }
    const verdict = judged(job, result);
    if (!verdict.error) {
      const data = read(job, result, verdict.ignored === true);
      if (!("error" in data)) {
        const left = (world.spent.get(job.tenant + origin) ?? 1) - 1;
        world.spent.set(job.tenant + origin, Math.max(0, left));
        return {
          answer: result,
          data: data.data,
          attempts: progress.attempts,
          requestId: requestIdOf(result),
          sentAt,
        };
      }
      await again(job, progress.attempts, origin, data);
      continue;
    }
    const retryAfter = parseRetryAfter(headers.get("retry-after"), clock.wall());
    const error =
      retryAfter === undefined
        ? verdict.error
        : amended(verdict.error, { retryAt: Math.ceil(clock.wall() + retryAfter) });
    if (verdict.passing)
      await again(job, progress.attempts, origin, { error, unsent: verdict.unsent ?? false }, retryAfter);
    else if (!verdict.refused) throw error;
    else if (
      planHas.signer &&
      status === 401 &&
      challenges < 2 &&
      signer?.challenged?.(origin, headers.get("www-authenticate"))
    ) {
      // A scheme that begins with the server's challenge: the request goes again, signed.
      challenges++;
      progress.attempts--;
    } else {
      // A refused credential is renewed once and the exchange replayed once.
      if (renewed) holder.rejected?.(credentials);
      if (renewed || progress.attempts >= retry[0]) throw error;
      renewed = true;
      if (!(await course.race(holder.renew(credentials)))) throw error;
    }
  }
}

function drafted(
  { plan, exchange, placement, scope: scopeOf }: Job,
  credentials: Credentials,
  aheadMs: number,
  additions: Additions,
  secrets: unknown[],
): { readonly draft: Draft; readonly scope: Scope } {
  const scope = scopeOf(credentials, aheadMs);
  return { scope, draft: draftOf(exchange, plan.slug, scope, additions, placement, secrets) };
}

async function admitted(
  { world, course, quotasOf, limits, cost }: Job,
  credentials: Credentials,
): Promise<{ readonly grant: Grant | undefined; readonly waited: boolean }> {
  const quotas = quotasOf(limits, credentials);
  if (quotas.length === 0) return { grant: undefined, waited: false };
  const grant = world.pacer.acquire(quotas, { ...course, cost });
  return grant instanceof Promise ? { grant: await grant, waited: true } : { grant, waited: false };
}

/** Waits until the next attempt, or throws the failure where there is to be none. */
async function again(
  { world, course, retry, repeatable, tenant }: Job,
  attempts: number,
  origin: string,
  { error, unsent }: Pick<Fault, "error" | "unsent">,
  retryAfterMs: number = 0,
): Promise<void> {
  const [most, , first, longest] = retry;
  const { clock, random, spent, logger } = world;
  const key = tenant + origin;
  const after = (spent.get(key) ?? 0) + price;
  const jittered = Math.round(random.next() * Math.min(longest, first * 2 ** Math.min(attempts - 1, 30)));
  const wait = retryAfterMs > 0 ? retryAfterMs : jittered;
  const mayRepeat = attempts < most && (repeatable || unsent) && after <= budget;
  // A wait that ends after the deadline helps nobody: the caller learns now when to come back.
  if (!mayRepeat || clock.now() + wait >= course.deadline) throw error;
  spent.set(key, after);
  logger?.debug({ origin, attempts, error: error.code, status: error.status, waitMs: wait }, "Trying again.");
  if (wait > 0) await course.sleep(wait);
}

/** The target of a redirect that may be followed: GET and HEAD, same origin, a few hops. */
function redirected(
  { exchange: { method, ok = [] } }: Job,
  { status, headers, url }: Answer,
  hops: number,
): string | undefined {
  const location = headers.get("location");
  if (![301, 302, 303, 307, 308].includes(status) || inRanges(status, ok)) return undefined;
  if (location === undefined || (method !== "GET" && method !== "HEAD")) return undefined;
  const target = URL.canParse(location, url) ? new URL(location, url) : undefined;
  if (target && target.origin === new URL(url).origin && !target.username && hops < mostHops)
    return target.href;
  throw failure(
    "destination_blocked",
    `The server redirected ${hops < mostHops ? `to ${target?.origin ?? "no URL"}, another origin, which is not followed` : `more than ${mostHops} times`}. Check the URL in the descriptor.`,
    { status },
  );
}

/** The body; where nothing but the end of the connection ended one that does not parse, it was cut. */
function read(
  { exchange: { type = "json" } }: Job,
  answer: Answer,
  isIgnored: boolean,
): { readonly data: unknown } | Fault {
  const { status, url, open } = answer;
  try {
    return { data: decode(type, answer) };
  } catch (thrown) {
    if (!ConnectorError.is(thrown) || thrown.code !== "response_invalid") throw thrown;
    if (isIgnored) return { data: null };
    if (open)
      return passing(
        "truncated",
        `${new URL(url).origin}: the answer ended midway. Try again.`,
        false,
        status,
      );
    throw amended(thrown, { status, requestId: requestIdOf(answer) });
  }
}

/** The error with these secrets taken out of all that is text. */
export function withoutSecrets(
  error: ConnectorError,
  secrets: Iterable<unknown>,
  more: Partial<ErrorFields> = {},
): ConnectorError {
  const scrubber = createScrubber(secrets);
  const { message = error.message } = more;
  return amended(error, {
    ...more,
    message: scrubber.text(message),
    requestId: error.requestId && scrubber.text(error.requestId),
    details: scrubber.data(error.details) as ConnectorError["details"],
  });
}
