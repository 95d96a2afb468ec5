import type { StepLife } from "../../schema/ir.ts";
import { decodeBase64urlText } from "../crypto/encoding.ts";
import type { Values } from "../request/scope.ts";

const milliseconds = { seconds: 1000, milliseconds: 1 } as const;

/** When a step's answer came. */
export interface AnswerTime {
  /** By the server's clock, Unix milliseconds. */
  readonly wall: number;
  /** Since the request went: a life begins at the server, before the answer is here. */
  readonly elapsedMs: number;
}

type Lives = {
  readonly [Kind in StepLife["kind"]]: (
    life: Extract<StepLife, { readonly kind: Kind }>,
    values: Pick<Values, "get" | "has">,
    time: AnswerTime,
  ) => number | undefined;
};

const lives: Lives = {
  fixed: ({ seconds }, _, { elapsedMs }) => less(positive(seconds * 1000), elapsedMs),
  expires_in: (life, values, { elapsedMs }) =>
    less(
      values.has(life.name)
        ? positive(toNumber(values.get(life.name)) * milliseconds[life.unit])
        : otherwiseMs(life),
      elapsedMs,
    ),
  expires_at: (life, values, { wall, elapsedMs }) =>
    values.has(life.name)
      ? positive(expiryTime(values.get(life.name), life.unit) - wall)
      : less(otherwiseMs(life), elapsedMs),
  jwt_exp: ({ name }, values, { wall, elapsedMs }) => jwtLifeMs(values.get(name), wall, elapsedMs),
  until_refused: () => undefined,
};

/** How long what a step gave is still good for, in milliseconds; undefined: until it is refused. */
export function lifeMs(
  life: StepLife,
  values: Pick<Values, "get" | "has">,
  time: AnswerTime,
): number | undefined {
  // Each reads a life of its own kind.
  return lives[life.kind](life as never, values, time);
}

function otherwiseMs({ otherwise }: { readonly otherwise?: number }): number | undefined {
  return otherwise === undefined ? undefined : otherwise * 1000;
}

/** What is left of a token that was given with its end: Unix seconds or milliseconds, or a date; undefined where that is none. */
export function givenLifeMs(expiresAt: unknown, wall: number): number | undefined {
  const at = expiryTime(expiresAt, "seconds");
  return Number.isFinite(at) ? Math.max(0, at - wall) : undefined;
}

/** How long before the end renewal begins: a tenth of the life, at most 5 minutes. */
export function marginMs(life: number): number {
  return Math.min(life / 10, 300_000);
}

/** Longer lives have no end: dates would not hold them. */
const longestMs = 1_000 * 365 * 86_400_000;

/** Servers say 0 or less for "no end", and a clock that is off makes a fresh token look old: then refusal tells. */
function positive(ms: number): number | undefined {
  return ms > 0 && ms < longestMs ? ms : undefined;
}

function less(life: number | undefined, elapsedMs: number): number | undefined {
  return life === undefined ? undefined : Math.max(0, life - elapsedMs);
}

function toNumber(value: unknown): number {
  if (typeof value === "number") return value;
  return typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
}

function expiryTime(value: unknown, unit: "seconds" | "milliseconds" | "date"): number {
  const number = toNumber(value);
  // Seconds of this size lie in the year 5138, milliseconds in 1973.
  if (unit !== "date" && Number.isFinite(number)) return number * (number > 1e11 ? 1 : milliseconds[unit]);
  return typeof value === "string" ? Date.parse(inUtc(value)) : Number.NaN;
}

/** A date without a zone is the server's, never that of the machine that reads it: UTC by all likelihood. */
function inUtc(text: string): string {
  const match = /^\s*(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)\s*$/.exec(text);
  return match ? `${match[1]}T${match[2]}Z` : text;
}

/** By `exp` less `iat` where both are there: that holds whatever our clock says (RFC 7519, section 4.1). */
function jwtLifeMs(token: unknown, wall: number, elapsedMs: number): number | undefined {
  if (typeof token !== "string") return undefined;
  try {
    const claims: unknown = JSON.parse(decodeBase64urlText(token.split(".")[1] ?? ""));
    if (typeof claims !== "object" || claims === null) return undefined;
    const { exp, iat } = claims as { exp?: unknown; iat?: unknown };
    const end = toNumber(exp);
    return typeof iat === "number"
      ? less(positive((end - iat) * 1000), elapsedMs)
      : positive(end * 1000 - wall);
  } catch {
    // No JWT after all: it lives until it is refused.
    return undefined;
  }
}
