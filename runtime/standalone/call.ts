/** The executor: credentials, encoding, destination, limits, signing, sending, judging; again where that is right. */
import type { ExchangePlan, PlacementPlan, Plan, ProfilePlan } from "../../schema/standalone-plan.ts";
import { type Answer, inRanges } from "./answer.ts";
import type { Course } from "./course.ts";
import type { Credentials, Holder } from "./credentials.ts";
import { judgeDestination } from "./destination.ts";
import { amended, ConnectorError, type ErrorFields, failure } from "./errors.ts";
import { type QuotasOf, tellPacer } from "./limits.ts";
import { planHas } from "./plan-has.ts";
import { type Additions, put, requestOf } from "./request.ts";
import { createScrubber } from "./scrub.ts";
import type { Signer } from "./signers.ts";
import { differs, learnClock } from "./skew.ts";
import type { Scope } from "./template.ts";
import { send } from "./transport.ts";
import { judged, requestIdOf, usualRetry } from "./verdict.ts";
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
  readonly quotasOf: QuotasOf;
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

/** How many redirects one exchange follows. */
const mostHops = 3;
/** 100 retries at one origin, of which each success gives back a fifth. */
const budget = 500;
const price = 5;

export async function execute(job: Job): Promise<Exchanged> {
  const { world, plan, exchange, course, holder, signer, quotasOf } = job;
  const { limits = [], cost, retry = usualRetry } = exchange;
  const { clock, ahead, pacer, random, spent, logger } = world;
  const [most, , first, longest] = planHas.retry ? retry : usualRetry;
  const secrets: unknown[] = [];
  let url = planHas.nextUrls ? job.additions.url : undefined;
  let attempts = 0;
  let hops = 0;
  let challenges = 0;
  let renewed = false;
  let retimed = false;
  try {
    for (;;) {
      course.signal.throwIfAborted();
      const credentials = await course.race(holder.current());
      let scope = job.scope(credentials, 0);
      let request = requestOf(job, scope, url, secrets);
      const { origin } = request;
      const key = job.tenant + origin;
      const aheadMs = planHas.clocked ? (ahead.get(origin) ?? 0) : 0;
      if (planHas.judged) judgeDestination(job, request, scope);
      const quotas = quotasOf(limits, credentials);
      const leave =
        planHas.limits && quotas.length > 0
          ? pacer.acquire(quotas, planHas.cost ? { ...course, cost } : course)
          : undefined;
      const end = await leave;
      let unsent = true;
      let result: Awaited<ReturnType<typeof send>>;
      let sentAt: number;
      try {
        // What ages is built after the wait.
        if (leave instanceof Promise || (planHas.clocked && aheadMs !== 0)) {
          scope = job.scope(credentials, aheadMs);
          request = requestOf(job, scope, url, secrets);
        }
        if (planHas.signer && signer) put(request.headers, signer.sign(request, scope));
        attempts++;
        sentAt = clock.now();
        unsent = false;
        result = await course.race(send(world, origin + request.target, request, course.signal));
        if (!("bytes" in result)) unsent = result.unsent;
        else if (planHas.limits) tellPacer(world, plan, limits, quotas, result);
      } finally {
        end?.(unsent);
      }
      if ("bytes" in result) {
        const target = redirected(exchange, result, hops);
        if (target !== undefined) {
          hops++;
          attempts--;
          url = target;
          continue;
        }
        if (planHas.clocked) {
          learnClock(world, origin, result, sentAt);
          if (!retimed && attempts < most && differs(world, origin, result.status, aheadMs)) {
            retimed = true;
            continue;
          }
        }
      }
      const verdict = "bytes" in result ? judged(job, result) : result;
      const { error } = verdict;
      if (!error) {
        const answer = result as Answer;
        spent.set(key, Math.max(0, (spent.get(key) ?? 1) - 1));
        return { answer, data: verdict.data, attempts, requestId: requestIdOf(answer), sentAt };
      }
      if (verdict.passing) {
        const after = (spent.get(key) ?? 0) + price;
        const jittered = Math.round(random.next() * Math.min(longest, first * 2 ** (attempts - 1)));
        const waitMs = verdict.waitMs || jittered;
        const mayRepeat = attempts < most && (job.repeatable || verdict.unsent) && after <= budget;
        // A wait that ends after the deadline helps nobody: the caller learns now when to come back.
        if (!mayRepeat || clock.now() + waitMs >= course.deadline) throw error;
        spent.set(key, after);
        const { code, status } = error;
        logger?.debug({ origin, attempts, error: code, status, waitMs }, "Trying again.");
        if (waitMs > 0) await course.sleep(waitMs);
      } else if (!verdict.refused) throw error;
      else if (
        planHas.signer &&
        challenges < 2 &&
        error.status === 401 &&
        signer?.challenged?.(origin, (result as Answer).headers.get("www-authenticate"))
      ) {
        // A scheme that begins with the server's challenge: the request goes again, signed.
        challenges++;
        attempts--;
      } else {
        // A refused credential is renewed once and the exchange replayed once.
        if (renewed) holder.rejected?.(credentials);
        if (renewed || attempts >= most) throw error;
        renewed = true;
        if (!(await course.race(holder.renew(credentials)))) throw error;
      }
    }
  } catch (thrown) {
    if (!ConnectorError.is(thrown)) throw thrown;
    // Servers echo what they were sent.
    throw withoutSecrets(thrown, secrets, attempts > 0 ? { attempts } : {});
  }
}

/** The target of a redirect that may be followed: GET and HEAD, same origin, a few hops. */
function redirected(
  { method, ok }: ExchangePlan,
  { status, headers, url }: Answer,
  hops: number,
): string | undefined {
  const location = headers.get("location");
  if (
    location === undefined ||
    !/^30[12378]$/.test(`${status}`) ||
    (planHas.ok && ok && inRanges(status, ok)) ||
    !/^(?:GET|HEAD)$/.test(method)
  )
    return undefined;
  const target = URL.canParse(location, url) ? new URL(location, url) : undefined;
  if (target && target.origin === new URL(url).origin && !target.username && hops < mostHops)
    return target.href;
  throw failure(
    "destination_blocked",
    `The server redirected to ${target?.origin ?? "no URL"}, which is not followed${hops < mostHops ? "" : ` after ${mostHops} redirects`}. Check the URL.`,
    { status },
  );
}

/** The error with these secrets taken out of all that is text. */
export function withoutSecrets(
  error: ConnectorError,
  secrets: Iterable<unknown>,
  more: Partial<ErrorFields> = {},
): ConnectorError {
  const clean = createScrubber(secrets);
  const { message, requestId, details } = { ...error, message: error.message, ...more };
  return amended(error, { ...more, ...(clean({ message, requestId, details }) as Partial<ErrorFields>) });
}
