/** What a connection is given: its settings, the fields of its profiles, and which profile serves. */

import { hasFormat } from "../../schema/language/formats.ts";
import {
  type FieldPlan,
  type Plan,
  type ProfilePlan,
  requiredField,
  secretField,
  specialField,
} from "../../schema/standalone-plan.ts";
import { coerce } from "../request/coerce.ts";
import { halfPair, Refused } from "../request/refused.ts";
import { toText } from "../request/text.ts";
import { type ConnectorError, failure } from "./errors.ts";
import { isObject } from "./is-object.ts";
import { planHas } from "./plan-has.ts";
import { naming, valueError } from "./template.ts";
import type { ConnectOptions, CredentialFunction, GivenFields } from "./types.ts";

/** The credentials of one profile, as far as they are resolved. A renewal makes a new object. */
export interface Credentials {
  /** As given, checked, by key. */
  readonly fields: ReadonlyMap<string, unknown>;
  /** All that templates read, by their keys. */
  readonly values: ReadonlyMap<string, unknown>;
  /** Tells what was obtained from what was obtained at another time. */
  readonly made: string;
  /** What messages must not hold. */
  readonly secrets: readonly unknown[];
  /** From `renewAt` on a renewal runs behind; from `until` on these are not sent any more (clock.now() milliseconds). */
  readonly renewAt: number;
  readonly until: number;
}

/** Holds the credentials of one profile and renews them. */
export interface Holder {
  current(): Credentials | Promise<Credentials>;
  /** For scrubbing messages. */
  peek(): Credentials | undefined;
  /** After the server refused these; undefined where there is nothing to renew. */
  renew(refused: Credentials): Promise<Credentials | undefined>;
  /** Renewed once and refused again. */
  rejected?(refused: Credentials): void;
}

type Fields = ReadonlyMap<string, unknown>;

/** Where a profile's fields come from. */
export interface Source {
  current(): Fields | Promise<Fields>;
  /** Others in place of refused ones. */
  replace(refused: Fields): Promise<Fields | undefined>;
}

export type Sources = ReadonlyMap<string, Source>;

/** Keys that a profile of tokens takes besides its own: what was obtained elsewhere. */
const tokenKeys: ReadonlySet<string> = new Set(["access_token", "refresh_token", "expires_at"]);

/** Credentials as templates read them; `more` are values that were obtained. */
export function credentialsOf(
  profile: ProfilePlan | undefined,
  fields: Fields,
  more: Iterable<readonly [string, unknown]> = [],
  renewAt: number = Infinity,
  until: number = Infinity,
): Credentials {
  const values = new Map<string, unknown>();
  for (const [key, value] of fields) {
    values.set(`c:${key}`, value);
    if (planHas.keyFiles && isObject(value))
      for (const [member, text] of Object.entries(value)) values.set(`c:${key}\n${member}`, text);
  }
  const obtained = [...more];
  for (const [key, value] of obtained) if (value !== undefined) values.set(key, value);
  const secret = (profile?.fields ?? [])
    .filter(({ bits = 0 }) => bits & secretField)
    .map(({ key }) => fields.get(key));
  const tokens = planHas.tokens ? [...tokenKeys].map((key) => fields.get(key)) : [];
  const pairs = planHas.manyFields
    ? [...fields.values()].flatMap((user) => secret.map((password) => `${user}:${password}`))
    : [];
  const secrets = obtained.flatMap(([key, value]) =>
    planHas.openValues && /(?:^o:|\n)(?:token_type|scope|expires_in|expires_at)$/.test(key) ? [] : [value],
  );
  return {
    fields,
    values,
    made: JSON.stringify(obtained),
    secrets: [...secret, ...tokens, ...pairs, ...secrets],
    renewAt,
    until,
  };
}

/** Nothing renews these. */
export function holderOf(credentials: Credentials): Holder {
  return { current: () => credentials, peek: () => credentials, renew: async () => undefined };
}

/** Who sends without credentials. */
export const nobody: Holder = holderOf(credentialsOf(undefined, new Map()));

/** Credentials that are sent as they were given. */
export function fieldHolder(profile: ProfilePlan, source: Source): Holder {
  let held: Credentials | undefined;
  const adopt = (fields: Fields): Credentials => {
    if (held?.fields !== fields) held = credentialsOf(profile, fields, [["t:", givenToken(profile, fields)]]);
    return held;
  };
  return {
    current: () => {
      const fields = source.current();
      return fields instanceof Promise ? fields.then(adopt) : adopt(fields);
    },
    peek: () => held,
    renew: async (refused) => {
      const fields = await source.replace(refused.fields);
      return fields && adopt(fields);
    },
  };
}

export function givenToken({ bearer }: ProfilePlan, fields: Fields): unknown {
  return fields.get("access_token") ?? (planHas.bearer && bearer ? fields.get("token") : undefined);
}

/** The settings of a connection: checked, typed, with defaults. */
export function readSettings({ settings = [] }: Plan, config: GivenFields): ReadonlyMap<string, unknown> {
  checkKeys(
    "setting",
    settings.map(({ key }) => key),
    config,
  );
  const values = new Map<string, unknown>();
  if (planHas.settings)
    for (const setting of settings) {
      const { key, bits = 0 } = setting;
      const value = own(config, key) ?? setting.default;
      if (value !== undefined && value !== null) values.set(`s:${key}`, checked(setting, "s", value));
      else if (bits & requiredField && !(bits & specialField))
        throw valueError(`s:${key}`, "is required. Give it under `config`");
    }
  return values;
}

/** A value by its type and what else its field demands. */
export function checked(field: FieldPlan, kind: "s" | "c" | "p", value: unknown, user?: string): unknown {
  const { key, type = "string", pattern, format } = field;
  return naming(`${kind}:${key}`, () => {
    const typed = coerce(planHas.keyFiles && type === "json" && kind === "c" ? parsed(value) : value, type);
    if (kind === "p") return typed;
    if (typeof typed === "string" && !typed.isWellFormed()) throw halfPair();
    if (planHas.enum && field.enum && !field.enum.includes(typed as never))
      throw new Refused(`must be one of ${field.enum.map((item) => JSON.stringify(item)).join(", ")}`);
    if (planHas.format && format !== undefined) checkFormat(format, typed);
    if (planHas.pattern && pattern !== undefined) checkPattern(pattern, typed);
    if (planHas.user && key === user && String(typed).includes(":"))
      throw new Refused(
        "holds a colon, which a user name of Basic authentication cannot (RFC 7617, section 2)",
      );
    return typed;
  });
}

/** A key file is given as its text or as the object that it holds. */
function parsed(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    // What the parser says may quote the key.
    throw new Refused("is no JSON. Give the whole content of the file");
  }
}

function checkFormat(format: string, value: unknown): void {
  if (!hasFormat(format, toText(value))) throw new Refused(`is no ${format}`);
}

/** Whoever connects gives these values, and the descriptor's author the pattern: both are the host's own. */
function checkPattern(pattern: string, value: unknown): void {
  let isFit = false;
  try {
    isFit = new RegExp(`^(?:${pattern})$`, "u").test(toText(value));
  } catch {
    // One that cannot be run lets nothing pass.
  }
  if (!isFit) throw new Refused(`does not match its pattern ${pattern}`);
}

/** Callers without types would find a misspelt key silently ignored. Throws `configuration`. */
export function checkKeys(what: string, known: readonly string[], given: object): void {
  for (const key of Object.keys(given)) if (!known.includes(key)) throw unknownKey(what, key, known);
}

function unknownKey(what: string, key: string, known: readonly string[]): ConnectorError {
  return failure("configuration", `There is no ${what} "${key}". Known: ${known.join(", ")}.`, {
    details: { [what]: key },
  });
}

function own(given: GivenFields, key: string): unknown {
  return Object.hasOwn(given, key) ? given[key] : undefined;
}

/** An empty text is what an unset variable leaves: it counts as missing. */
function isGiven(given: GivenFields, key: string): boolean {
  return (own(given, key) ?? "") !== "";
}

function acceptedKeys({ fields, tokens }: ProfilePlan): string[] {
  return [...fields.map(({ key }) => key), ...(planHas.tokens && tokens ? tokenKeys : [])];
}

/** A token that is given needs no client to obtain it. */
function missingIn({ fields, tokens }: ProfilePlan, given: GivenFields): string[] {
  if (planHas.tokens && tokens && isGiven(given, "access_token")) return [];
  return fields.flatMap(({ key, bits = 0 }) => (bits & requiredField && !isGiven(given, key) ? [key] : []));
}

function readFields(profile: ProfilePlan, given: GivenFields): Fields {
  const missing = missingIn(profile, given);
  if (missing.length > 0) throw missingCredentials(profile, missing);
  const values = new Map<string, unknown>();
  for (const field of profile.fields)
    if (isGiven(given, field.key))
      values.set(field.key, checked(field, "c", own(given, field.key), profile.user));
  if (planHas.tokens && profile.tokens)
    for (const key of tokenKeys)
      if (!values.has(key) && isGiven(given, key)) values.set(key, own(given, key));
  return values;
}

function missingCredentials({ id }: ProfilePlan, keys: readonly string[]): ConnectorError {
  return failure(
    "missing_credential",
    `Profile "${id}" needs ${keys.join(", ")}. Give what is missing under \`credentials\`.`,
    { details: { profile: id, fields: keys } },
  );
}

/** The profiles for which something was given. */
export function readProfiles({ profiles = [] }: Plan, options: ConnectOptions): Sources {
  const sources = new Map<string, Source>();
  const { profile: preferred, credentials, profiles: each = {} } = options;
  const ids = profiles.map(({ id }) => id);
  checkKeys("profile", ids, preferred === undefined ? each : { ...each, [preferred]: {} });
  /** Credentials without a profile's name belong to every profile that they make complete. */
  const pool = preferred === undefined ? (credentials ?? {}) : {};
  checkKeys("credential", profiles.flatMap(acceptedKeys), pool);
  const hits = (profile: ProfilePlan): number =>
    acceptedKeys(profile).filter((key) => isGiven(pool as GivenFields, key)).length;
  const open: ProfilePlan[] = [];
  for (const profile of profiles) {
    const { id, fields } = profile;
    const own = Object.hasOwn(each, id) ? (each[id]?.credentials ?? {}) : undefined;
    let given = id === preferred ? (credentials ?? own ?? {}) : own;
    if (given && typeof given !== "function") checkKeys("credential", acceptedKeys(profile), given);
    if (!given && preferred === undefined) {
      open.push(profile);
      if (typeof pool === "function") given = planHas.none && profile.none ? {} : pool;
      else if ((fields.length === 0 || hits(profile) > 0) && missingIn(profile, pool).length === 0)
        given = pool;
    }
    if (given)
      sources.set(
        id,
        typeof given === "function" ? askedFields(profile, given) : fixedFields(readFields(profile, given)),
      );
  }
  // Something was given and it is enough for none: say what the nearest profile still needs.
  const [nearest] = planHas.manyProfiles ? open.sort((a, b) => hits(b) - hits(a)) : open;
  if (sources.size === 0 && nearest && Object.keys(pool).length > 0) readFields(nearest, pool as GivenFields);
  return sources;
}

function fixedFields(fields: Fields): Source {
  return { current: () => fields, replace: async () => undefined };
}

/** Fields that a function gives; kept until they are refused. Callers at once share one answer. */
function askedFields(profile: ProfilePlan, ask: CredentialFunction): Source {
  let fields: Fields | undefined;
  let asking: Promise<Fields> | undefined;
  const request = (reason: "first" | "refused"): Promise<Fields> => {
    asking ??= askOnce(profile, ask, reason).finally(() => {
      asking = undefined;
    });
    return asking.then((answer) => {
      fields = answer;
      return answer;
    });
  };
  return {
    current: () => fields ?? request("first"),
    replace: async (refused) => (fields !== undefined && fields !== refused ? fields : request("refused")),
  };
}

async function askOnce(
  profile: ProfilePlan,
  ask: CredentialFunction,
  reason: "first" | "refused",
): Promise<Fields> {
  let given: GivenFields;
  try {
    given = await ask({ profile: profile.id, fields: profile.fields.map(({ key }) => key), reason });
    Object.keys(given);
  } catch {
    // What a foreign function throws may quote a secret: it is neither shown nor kept as a cause.
    throw failure(
      "missing_credential",
      `The function under \`credentials\` failed for profile "${profile.id}". Look there: what it threw is not shown.`,
      { retryable: true, details: { profile: profile.id } },
    );
  }
  checkKeys("credential", acceptedKeys(profile), given);
  return readFields(profile, given);
}

/** The connection's profile if it is listed, else the first listed one with credentials. */
export function chosenProfile(
  { profiles = [] }: Plan,
  ids: readonly string[],
  preferred: string | undefined,
  sources: Sources,
): string | undefined {
  if (ids.length === 0) return undefined;
  const chosen = ids.find((id) => id === preferred) ?? ids.find((id) => sources.has(id));
  if (chosen !== undefined) return chosen;
  const first = profiles.find(({ id }) => id === ids[0]) as ProfilePlan;
  throw planHas.manyProfiles && ids.length > 1
    ? failure(
        "missing_credential",
        `None of the profiles ${ids.join(", ")} has credentials. Give those of one.`,
      )
    : missingCredentials(first, missingIn(first, {}));
}
