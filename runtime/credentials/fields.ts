import type { CredentialField, Profile } from "../../schema/ir.ts";
import { ConnectorError } from "../errors.ts";
import { checkFormat } from "../formats.ts";
import type { Awaitable } from "../ports.ts";
import { coerce } from "../request/coerce.ts";
import { halfPair, Refused } from "../request/refused.ts";
import type { Values } from "../request/scope.ts";
import { conceal, reveal } from "../secrets/secret.ts";
import { suggestion } from "../suggest.ts";

/** Credentials as the user gives them, by field key. */
export type GivenFields = Readonly<Record<string, unknown>>;

/** Keys that every OAuth profile takes besides its own fields: tokens that were obtained elsewhere. */
const tokenKeys: readonly string[] = ["access_token", "refresh_token", "expires_at"];

/** The keys that a profile accepts. */
function acceptedKeys(profile: Profile): string[] {
  const own = profile.fields.map((field) => field.key);
  return takesTokens(profile) ? [...new Set([...own, ...tokenKeys])] : own;
}

/** True where all that the profile needs is among the keys. */
export function isComplete(profile: Profile, given: GivenFields): boolean {
  return missingFields(profile, given).length === 0;
}

/** True where something was given for the key. */
export function gives(given: GivenFields, key: string): boolean {
  return isGiven(own(given, key));
}

/** Reads and checks what was given for a profile; secret values come out wrapped. Keys of other profiles are left alone. */
export function readFields(profile: Profile, given: GivenFields): Values {
  const missing = missingFields(profile, given);
  if (missing.length > 0) throw missingCredentials(profile, missing);
  const values = new Map<string, unknown>();
  for (const field of profile.fields) {
    const value = own(given, field.key);
    if (!isGiven(value)) continue;
    const checked = readField(profile, field, value);
    values.set(field.key, field.secret ? conceal(checked) : checked);
  }
  if (takesTokens(profile))
    for (const key of tokenKeys)
      if (!values.has(key) && isGiven(own(given, key))) values.set(key, conceal(own(given, key)));
  return values;
}

/** Throws where a key belongs to none of the profiles. */
export function checkKeys(profiles: readonly Profile[], given: GivenFields): void {
  const known = [...new Set(profiles.flatMap(acceptedKeys))];
  for (const key of Object.keys(given)) {
    if (known.includes(key)) continue;
    throw new ConnectorError({
      code: "configuration",
      phase: "configuration",
      message: `There is no credential "${key}" in ${profiles.map((profile) => `profile "${profile.id}"`).join(", ")}.${suggestion(key, known)}`,
      details: { credential: key },
    });
  }
}

/** `missing_credential` for named fields of a profile. */
export function missingCredentials(profile: Profile, keys: readonly string[]): ConnectorError {
  return new ConnectorError({
    code: "missing_credential",
    phase: "credentials",
    message: `Profile "${profile.id}" needs ${keys.map((key) => `"${key}"`).join(", ")}. Give ${keys.length === 1 ? "it" : "them"} under \`credentials\` of the connection.`,
    details: { profile: profile.id, fields: keys },
  });
}

function takesTokens(profile: Profile): boolean {
  return profile.type.startsWith("oauth2_") || profile.type === "service_account";
}

function missingFields(profile: Profile, given: GivenFields): string[] {
  // A token that is given needs no client to obtain it.
  if (takesTokens(profile) && isGiven(own(given, "access_token"))) return [];
  return profile.fields
    .filter((field) => field.required && !isGiven(own(given, field.key)))
    .map((field) => field.key);
}

function own(given: GivenFields, key: string): unknown {
  return Object.hasOwn(given, key) ? given[key] : undefined;
}

/** An empty text is what an unset variable leaves: it counts as missing. */
function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && reveal(value) !== "";
}

function readField(profile: Profile, field: CredentialField, value: unknown): unknown {
  try {
    const checked = field.type === "json" ? readJson(reveal(value)) : coerce(value, field.type);
    if (typeof checked === "string" && !checked.isWellFormed()) throw halfPair();
    if (field.enum && !field.enum.includes(checked as never))
      throw new Refused(`must be one of ${field.enum.map((item) => JSON.stringify(item)).join(", ")}`);
    checkFormat(field.format, checked);
    if (isUserName(profile, field) && typeof checked === "string" && checked.includes(":"))
      throw new Refused(
        "holds a colon, which a user name of Basic authentication cannot (RFC 7617, section 2)",
      );
    return checked;
  } catch (thrown) {
    if (!(thrown instanceof Refused)) throw thrown;
    throw unfitField(profile, field, thrown.message);
  }
}

/** The half before the colon, by the name or the place that the compiler takes it by. */
function isUserName({ type, fields }: Profile, field: CredentialField): boolean {
  const user = fields.find(({ key }) => key === "username") ?? fields.find(({ secret }) => !secret);
  return type === "basic" && field === user;
}

/** A key file is given as its text or as the object that it holds. */
function readJson(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return coerce(value, "json");
  try {
    return coerce(JSON.parse(value), "json");
  } catch (thrown) {
    if (thrown instanceof Refused) throw thrown;
    // What the parser says may quote the key.
    throw new Refused("is no JSON. Give the whole content of the file");
  }
}

function unfitField(profile: Profile, field: CredentialField, problem: string): ConnectorError {
  return new ConnectorError({
    code: "configuration",
    phase: "configuration",
    message: `Credential "${field.key}" of profile "${profile.id}" ${problem}.`,
    details: { profile: profile.id, credential: field.key },
  });
}

/** Checks read values against patterns; those run on an engine that loads when the first is met. */
export function checkFieldPatterns(profile: Profile, values: Values): Awaitable<void> {
  const bound = profile.fields.filter((field) => field.pattern !== undefined && values.has(field.key));
  return bound.length === 0 ? undefined : matchAll(profile, bound, values);
}

async function matchAll(profile: Profile, fields: readonly CredentialField[], values: Values): Promise<void> {
  const { patternProblem } = await import("../patterns.ts");
  for (const field of fields) {
    const problem = patternProblem(field.pattern ?? "", reveal(values.get(field.key)));
    if (problem !== undefined) throw unfitField(profile, field, problem);
  }
}
