import type { StepLife } from "../../schema/ir.ts";
import { decodeBase64urlText } from "../crypto/encoding.ts";
import type { Values } from "../request/scope.ts";

const milliseconds = { seconds: 1000, milliseconds: 1 } as const;

/** How long what a step gave is good for, in milliseconds; undefined: until it is refused. */
export function lifeMs(life: StepLife, values: Values, wall: number): number | undefined {
  switch (life.kind) {
    case "fixed":
      return life.seconds * 1000;
    case "expires_in":
      return positive(toNumber(values.get(life.name)) * milliseconds[life.unit]);
    case "expires_at":
      return positive(expiryTime(values.get(life.name), life.unit) - wall);
    case "jwt_exp":
      return positive(jwtLifeMs(values.get(life.name), wall));
    case "until_refused":
      return undefined;
  }
}

/** How long before the end renewal begins: a tenth of the life, at most 5 minutes. */
export function marginMs(life: number): number {
  return Math.min(life / 10, 300_000);
}

/** Servers say 0 or less for "no end", and a clock that is off makes a fresh token look old: then refusal tells. */
function positive(ms: number): number | undefined {
  return Number.isFinite(ms) && ms > 0 ? ms : undefined;
}

function toNumber(value: unknown): number {
  if (typeof value === "number") return value;
  return typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
}

function expiryTime(value: unknown, unit: "seconds" | "milliseconds" | "date"): number {
  if (unit !== "date") return toNumber(value) * milliseconds[unit];
  return typeof value === "string" ? Date.parse(value) : Number.NaN;
}

/** By `exp` less `iat` where both are there: that holds whatever our clock says (RFC 7519, section 4.1). */
function jwtLifeMs(token: unknown, wall: number): number {
  if (typeof token !== "string") return Number.NaN;
  try {
    const claims: unknown = JSON.parse(decodeBase64urlText(token.split(".")[1] ?? ""));
    if (typeof claims !== "object" || claims === null) return Number.NaN;
    const { exp, iat } = claims as { exp?: unknown; iat?: unknown };
    const end = toNumber(exp);
    return typeof iat === "number" ? (end - iat) * 1000 : end * 1000 - wall;
  } catch {
    // No JWT after all: it lives until it is refused.
    return Number.NaN;
  }
}
