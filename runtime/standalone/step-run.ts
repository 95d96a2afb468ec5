/** Makes the call of a step, and reads what it gives. */
import type { ProfilePlan, StepPlan } from "../../schema/standalone-plan.ts";
import { lifeMs } from "../credentials/life.ts";
import { type Answer, select } from "./answer.ts";
import { type Exchanged, execute, type Job, withoutSecrets } from "./call.ts";
import { inCourse } from "./course.ts";
import { type Credentials, holderOf, type Source } from "./credentials.ts";
import { amended, ConnectorError, failure } from "./errors.ts";
import { tokenOf } from "./jwt-token.ts";
import { planHas } from "./plan-has.ts";
import { signerOf } from "./signers.ts";
import type { Scope } from "./template.ts";
import { isPermanent, type Obtained } from "./tokens.ts";
import { statusError } from "./verdict.ts";

/** What the steps of one profile of one connection are run by. */
export interface StepSite extends Pick<Job, "world" | "plan" | "tenant" | "quotasOf"> {
  readonly profile: ProfilePlan;
  readonly source: Source;
  scope(credentials: Credentials, aheadMs: number): Scope;
}

/** A refresh serves many callers: it has a time limit of its own. */
const refreshMs = 30_000;

/** Makes the call of a step and reads what it gives; `grant`: what is brought into it, and spent by it. */
export function runStep(
  site: StepSite,
  step: StepPlan,
  credentials: Credentials,
  grant?: ReadonlyMap<string, unknown>,
): Promise<Obtained> {
  const { world, profile } = site;
  const { clock } = world;
  const brought = new Map(grant);
  // Calls of any priority wait for it.
  return inCourse(world, refreshMs, { priority: "high" }, async (course) => {
    const scope: Job["scope"] = (given, aheadMs) => {
      const inner = site.scope(given, aheadMs);
      return planHas.brings
        ? { ...inner, get: (key) => (key[0] === "g" ? brought.get(key) : inner.get(key)) }
        : inner;
    };
    try {
      if (planHas.assertion && step.assertion) {
        const aheadMs = world.ahead.get(originText(step)) ?? 0;
        brought.set("g:assertion", (await tokenOf(step.assertion, scope(credentials, aheadMs))).token);
      }
      const done = await execute({
        ...site,
        exchange: step,
        placement: {},
        holder: holderOf(credentials),
        signer: planHas.signer && step.signer ? signerOf(step.signer) : undefined,
        course,
        additions: { values: brought, query: [], headers: [], body: [] },
        // A refresh token may be spent once.
        repeatable: grant === undefined,
        scope,
      });
      if (planHas.grant && step.grant) judgeGrant(step, done);
      const values = extracted(step, done);
      const time = {
        wall: clock.wall() + (planHas.clocked ? (world.ahead.get(new URL(done.answer.url).origin) ?? 0) : 0),
        elapsedMs: Math.max(0, clock.now() - done.sentAt),
      };
      return { values, lifeMs: lifeMs(step.life, values, time) };
    } catch (thrown) {
      throw withoutSecrets(stepError(thrown, step, profile), [...credentials.secrets, ...brought.values()]);
    }
  });
}

function originText({ origin }: StepPlan): string {
  return typeof origin === "string" ? origin : "";
}

/** Codes that say of a call itself what went wrong; for a step, that the chain did. */
const ofAnswers =
  /^(?:authentication_failed|permission_denied|upstream_error|response_invalid|invalid_parameters|unsupported)$/;

/** Which step failed, and what the server said. */
function stepError(thrown: unknown, { name, grant }: StepPlan, { id }: ProfilePlan): ConnectorError {
  if (!ConnectorError.is(thrown)) throw thrown;
  const isRefused = thrown.code === "authentication_failed";
  const code = !ofAnswers.test(thrown.code)
    ? thrown.code
    : planHas.grant && grant && (isRefused || isPermanent(thrown))
      ? "authentication_failed"
      : "chain_step_failed";
  return amended(thrown, {
    code,
    phase: "credentials",
    message: `${planHas.grant && grant ? "The token call" : `Step "${name}" of profile "${id}"`} failed: ${thrown.message}`,
    details: { ...thrown.details, step: name, ...(isRefused ? { refused: true } : {}) },
  });
}

/** Some servers say an error with a status of success (RFC 6749 wants 400). */
function judgeGrant(step: StepPlan, { answer, data }: Exchanged): void {
  const says = (path: StepPlan["message"]): boolean =>
    path !== undefined && select(path, data).some((value) => (value ?? "") !== "");
  const token = step.extract.find(({ name }) => name === "access_token");
  if (!(says(step.code) || says(step.message)) || token?.paths?.some(says)) return;
  throw statusError(answer, step, { code: "authentication_failed" });
}

/** What a step's answer gives. Each extract must hit exactly one scalar, or nothing where it is optional. */
function extracted({ type, extract }: StepPlan, { answer, data }: Exchanged): ReadonlyMap<string, unknown> {
  const values = new Map<string, unknown>();
  for (const one of extract) {
    const { kind, name, joined, optional = false } = one;
    const body = planHas.parsedSteps && (type === "xml" || type === "form") ? data : answer.json();
    let found = extractors[kind](one, answer, body).filter((value) => value !== undefined);
    if (planHas.joined && joined) found = found.map(oneText).filter((value) => value !== undefined);
    if (planHas.optional && optional) found = found.filter((value) => value !== null && value !== "");
    const [value] = found;
    const isScalar = value !== "" && ["string", "number", "boolean"].includes(typeof value);
    if (found.length === 1 && isScalar) values.set(name, value);
    else if (!planHas.optional || found.length > 0 || !optional)
      throw failure(
        "chain_step_failed",
        `The answer (status ${answer.status}) has not exactly one plain value for "${name}". Check \`extract\`.`,
        { phase: "credentials", status: answer.status, details: { extract: name } },
      );
  }
  return values;
}

/** A list of texts counts as one. */
function oneText(value: unknown): unknown {
  const texts = Array.isArray(value) ? value : [value];
  return texts.every((text) => typeof text === "string") ? texts.join(" ") : undefined;
}

type Extractor = (extract: StepPlan["extract"][number], answer: Answer, body: unknown) => readonly unknown[];

const extractors: { readonly [Kind in StepPlan["extract"][number]["kind"]]: Extractor } = {
  json: ({ paths = [] }, _, body) => {
    const hits = paths.map((path) => select(path, body));
    return (
      hits.find((found) => found.some((value) => value !== undefined && value !== null)) ?? hits.at(-1) ?? []
    );
  },
  header: ({ from = "" }, { headers }) => [headers.get(from)],
  // RFC 6265, section 5.2: the pair before the first semicolon. A later line for the same cookie replaces the earlier.
  cookie: ({ from }, { headers }) =>
    headers.setCookie
      .flatMap((line) => {
        const [name = "", value = ""] = (line.split(";", 1)[0] ?? "").split(/=(.*)/s);
        return name.trim() === from ? [value.trim()] : [];
      })
      .slice(-1),
  text: (_, answer) => [answer.text().trim()].filter((text) => text !== ""),
};

/** The server refused what was sent to it, rather than failed. */
export function isRefusal(thrown: unknown): boolean {
  return (
    ConnectorError.is(thrown) &&
    (thrown.details?.refused === true || thrown.status === 401 || thrown.status === 403)
  );
}
