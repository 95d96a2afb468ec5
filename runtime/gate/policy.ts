import { ConnectorError } from "../errors.ts";
import { type EntityKey, parseEntityKey } from "./entity-key.ts";

/** What is done with a call: made, refused, or made once a person has said yes. */
export type PolicyAction = "allow" | "deny" | "confirm";

/** The first rule that fits a call decides. What a rule does not name fits all; `*` stands for any characters. */
export interface PolicyRule {
  readonly action: PolicyAction;
  readonly tool?: readonly string[];
  readonly connector?: readonly string[];
  readonly tenant?: readonly string[];
  /** Fits an operation that has one of these tags. */
  readonly tag?: readonly string[];
  /** Fits operations that destroy something, or those that do not. */
  readonly destructive?: boolean;
  /** Calls that make the same text of it run one after another. */
  readonly entityKey?: EntityKey;
  /** So long an equal call is the same call; without it only calls under a given key are. */
  readonly dedupSeconds?: number;
}

export interface Policy {
  readonly rules: readonly PolicyRule[];
  /** What is done where no rule fits. */
  readonly default: PolicyAction;
}

const actions = ["allow", "deny", "confirm"] as const;
const lists = ["tool", "connector", "tenant", "tag"] as const;
const ruleKeys = ["action", ...lists, "destructive", "entity_key", "dedup_seconds"];
const rootKeys = ["policy_version", "default", "rules"];
const longestDedup = 604_800;

/**
 * Reads a policy as a file holds it (`docs/gate.md`). Throws `configuration` that names the place: a policy that is
 * understood in part would let through what it is there to stop.
 */
export function readPolicy(data: unknown): Policy {
  const root = objectAt(data, "the policy");
  checkKeys(root, rootKeys, "the policy");
  if (root.policy_version !== 1)
    throw faulty("`policy_version` must be 1, the version of this language of rules.");
  const given = root.rules ?? [];
  if (!Array.isArray(given)) throw faulty("`rules` must be a list.");
  return {
    rules: given.map((rule: unknown, index) => readRule(rule, `rules/${index}`)),
    default: root.default === undefined ? "deny" : actionAt(root.default, "default"),
  };
}

function readRule(data: unknown, at: string): PolicyRule {
  const rule = objectAt(data, at);
  checkKeys(rule, ruleKeys, at);
  const { destructive, entity_key, dedup_seconds } = rule;
  if (destructive !== undefined && typeof destructive !== "boolean")
    throw faulty(`${at}/destructive must be true or false.`);
  const named: { [K in (typeof lists)[number]]?: readonly string[] } = {};
  for (const key of lists) if (rule[key] !== undefined) named[key] = textsAt(rule[key], `${at}/${key}`);
  return {
    action: actionAt(rule.action, `${at}/action`),
    ...named,
    ...(destructive === undefined ? {} : { destructive }),
    ...(entity_key === undefined ? {} : { entityKey: entityKeyAt(entity_key, `${at}/entity_key`) }),
    ...(dedup_seconds === undefined ? {} : { dedupSeconds: secondsAt(dedup_seconds, `${at}/dedup_seconds`) }),
  };
}

function actionAt(value: unknown, at: string): PolicyAction {
  const action = actions.find((one) => one === value);
  if (action) return action;
  throw faulty(`${at} must be one of ${actions.join(", ")}.`);
}

function textsAt(value: unknown, at: string): readonly string[] {
  const texts: readonly unknown[] = Array.isArray(value) ? value : [value];
  const read = texts.filter((text) => typeof text === "string" && text !== "").map(String);
  if (read.length === texts.length && read.length > 0) return read;
  throw faulty(`${at} must be a name or a list of names; leave it out where it is to fit all.`);
}

function entityKeyAt(value: unknown, at: string): EntityKey {
  const key = typeof value === "string" ? parseEntityKey(value) : undefined;
  if (key) return key;
  throw faulty(`${at} must be a text with parameters in braces, such as "ticket:{id}".`);
}

function secondsAt(value: unknown, at: string): number {
  if (typeof value === "number" && value >= 1 && value <= longestDedup) return value;
  throw faulty(`${at} must be a number of seconds from 1 to ${longestDedup} (a week).`);
}

function objectAt(value: unknown, at: string): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return Object.fromEntries(Object.entries(value));
  throw faulty(`${at} must be a map.`);
}

function checkKeys(map: Readonly<Record<string, unknown>>, known: readonly string[], at: string): void {
  const unknown = Object.keys(map).find((key) => !known.includes(key));
  if (unknown !== undefined)
    throw faulty(`${at} has no key \`${unknown.slice(0, 100)}\`; it knows ${known.join(", ")}.`);
}

function faulty(message: string): ConnectorError {
  return new ConnectorError({ code: "configuration", phase: "configuration", message });
}
