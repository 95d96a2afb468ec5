import type { Profile } from "../../schema/ir.ts";
import { ConnectorError } from "../errors.ts";
import type { Awaitable } from "../ports.ts";
import type { Values } from "../request/scope.ts";
import { isPromise } from "../settled.ts";
import { checkFieldPatterns, checkKeys, type GivenFields, readFields } from "./fields.ts";

/** Asks the host for credentials; cached until the server refuses them. */
export type CredentialFunction = (request: {
  readonly profile: string;
  readonly fields: readonly string[];
  readonly reason: "first" | "refused";
}) => Awaitable<GivenFields>;

/** Where a profile's fields come from. */
export interface FieldSource {
  current(): Awaitable<Values>;
  /** Other fields in place of refused ones; undefined where there are none to be had. Callers at once share one answer. */
  replace(refused: Values): Promise<Values | undefined>;
}

/** Fields that were given as they are: nothing replaces them. Those that do not match their patterns never leave here. */
export function fixedFields(profile: Profile, values: Values): FieldSource {
  let matched = false;
  return {
    current: () => {
      if (matched) return values;
      const checking = checkFieldPatterns(profile, values);
      if (isPromise(checking))
        return checking.then(() => {
          matched = true;
          return values;
        });
      matched = true;
      return values;
    },
    replace: () => Promise.resolve(undefined),
  };
}

/** Fields that a function gives. */
export function askedFields(profile: Profile, ask: CredentialFunction): FieldSource {
  let values: Values | undefined;
  let asking: Promise<Values> | undefined;
  const request = (reason: "first" | "refused"): Promise<Values> => {
    asking ??= askOnce(profile, ask, reason)
      .then((answer) => {
        values = answer;
        return answer;
      })
      .finally(() => {
        asking = undefined;
      });
    return asking;
  };
  return {
    current: () => values ?? request("first"),
    replace: async (refused) => (values !== undefined && values !== refused ? values : request("refused")),
  };
}

async function askOnce(
  profile: Profile,
  ask: CredentialFunction,
  reason: "first" | "refused",
): Promise<Values> {
  const given = await answerOf(profile, ask, reason);
  checkKeys([profile], given);
  const values = readFields(profile, given);
  await checkFieldPatterns(profile, values);
  return values;
}

async function answerOf(
  profile: Profile,
  ask: CredentialFunction,
  reason: "first" | "refused",
): Promise<GivenFields> {
  let given: GivenFields;
  try {
    given = await ask({ profile: profile.id, fields: profile.fields.map((field) => field.key), reason });
  } catch {
    // What a foreign function throws may quote a secret: it is neither shown nor kept as a cause.
    throw unusable(profile, "failed");
  }
  if (typeof given !== "object" || given === null) throw unusable(profile, "gave no object of fields");
  return given;
}

function unusable(profile: Profile, what: string): ConnectorError {
  return new ConnectorError({
    code: "missing_credential",
    phase: "credentials",
    retryable: true,
    message: `The function under \`credentials\` ${what} when asked for profile "${profile.id}". Look there: what it threw is not shown, since it may quote a secret.`,
    details: { profile: profile.id },
  });
}
