/** What a standalone client cannot do, in clauses that say where and why. */
import type {
  Connector,
  Exchange,
  JwtRecipe,
  Matcher,
  Operation,
  Profile,
  Signer,
} from "../../../../schema/ir.ts";
import { EmitRefusal } from "../../output.ts";
import { stepsOf } from "./features.ts";

/** A connector as far as a standalone client can run it. */
export interface Standalone {
  readonly ir: Connector;
  /** Profiles that it goes without, each with the reason. */
  readonly without: readonly { readonly profile: string; readonly reason: string }[];
}

/**
 * Leaves out profiles that need more than `fetch`, as long as every operation keeps one. Throws `EmitRefusal` where that does
 * not help.
 */
export function standaloneOf(ir: Connector): Standalone {
  if (ir.upstream)
    throw new EmitRefusal(
      `${ir.slug} cannot be a standalone client: its operations are tools of an MCP server, whose sessions and locks the runtime keeps. Build it with --mode runtime`,
    );
  const problems = new Map(ir.profiles.map((profile) => [profile.id, profileProblems(profile)]));
  const isUsable = (id: string): boolean => problems.get(id)?.length === 0;
  const operations = ir.operations.map((operation) => ({
    ...operation,
    auth: operation.auth.filter(({ profile }) => isUsable(profile)),
  }));
  const lost = ir.operations.filter(
    (operation, at) => operation.auth.length > 0 && operations[at]?.auth.length === 0,
  );
  const reasons = [
    ...ir.operations.flatMap(operationProblems),
    ...lost.flatMap(({ auth }) => auth.flatMap(({ profile }) => problems.get(profile) ?? [])),
  ];
  if (reasons.length > 0)
    throw new EmitRefusal(
      `${ir.slug} cannot be a standalone client: ${[...new Set(reasons)].join("; ")}. Build it with --mode runtime`,
    );
  return {
    ir: { ...ir, operations, profiles: ir.profiles.filter(({ id }) => isUsable(id)) },
    without: ir.profiles.flatMap(({ id }) =>
      (problems.get(id) ?? []).slice(0, 1).map((reason) => ({ profile: id, reason })),
    ),
  };
}

function operationProblems({ id, exchange, errors, pagination, parameters }: Operation): string[] {
  const where = `operation ${id}`;
  const matchers = [
    ...errors.map(({ when }) => when),
    ...(pagination.kind === "none" ? [] : pagination.stop_when),
  ];
  return [
    ...exchangeProblems(exchange, where),
    ...engineProblems([exchange.response, errors, pagination], where),
    ...patternProblems(matchers, where),
    ...signingProblems([exchange, parameters], where),
  ];
}

function profileProblems(profile: Profile): string[] {
  const { id, mtls, source, signer, placement, expired_when } = profile;
  const where = `profile ${id}`;
  const steps = stepsOf([profile]);
  return [
    ...(mtls ? [`${where} shows a client certificate, which \`fetch\` cannot`] : []),
    ...(source.kind === "jwt" ? algorithmProblems(source.recipe, where) : []),
    ...signerProblems(signer, where),
    ...patternProblems(expired_when, where),
    ...engineProblems([expired_when, source], where),
    ...signingProblems([placement, source], where),
    ...steps.flatMap(({ name, exchange, assertion, signer: own }) => [
      ...exchangeProblems(exchange, `step ${name} of ${where}`),
      ...(assertion ? algorithmProblems(assertion, where) : []),
      ...signerProblems(own, where),
    ]),
  ];
}

function exchangeProblems({ method, body }: Exchange, where: string): string[] {
  return body && (method === "GET" || method === "HEAD")
    ? [`${where} is a ${method} with a body, which \`fetch\` does not send`]
    : [];
}

/** Only plain paths run without an engine. */
function engineProblems(node: unknown, where: string): string[] {
  if (typeof node !== "object" || node === null) return [];
  const { kind, text } = node as { kind?: unknown; text?: unknown };
  if ((kind === "rfc9535" || kind === "plus") && typeof text === "string")
    return [`${where} needs an engine for the path ${text}`];
  return Object.values(node).flatMap((inner) => engineProblems(inner, where));
}

function patternProblems(matchers: readonly Matcher[], where: string): string[] {
  return matchers.some(({ header, json }) => (header?.matches ?? json?.matches) !== undefined)
    ? [`${where} holds answers against a pattern, which needs an engine of linear time`]
    : [];
}

function signerProblems(signer: Signer | undefined, where: string): string[] {
  return signer?.kind === "oauth1" && signer.method.startsWith("RSA")
    ? [privateKey(where, signer.method)]
    : [];
}

function algorithmProblems({ algorithm }: JwtRecipe, where: string): string[] {
  return isShared(algorithm) || algorithm === "RS256" || algorithm === "ES256"
    ? []
    : [`${where} signs with ${algorithm}, which a standalone client does not`];
}

/** `jwt("RS256", …)` and `sign(…)` in templates: what is not written there may be anything. */
function signingProblems(node: unknown, where: string): string[] {
  if (typeof node !== "object" || node === null) return [];
  const { kind, function: name, args } = node as { kind?: unknown; function?: unknown; args?: unknown };
  const inner = Object.values(node).flatMap((value) => signingProblems(value, where));
  if (kind !== "call" || (name !== "jwt" && name !== "sign")) return inner;
  const algorithm = /^\[\{"parts":\["([^"]*)"\]/.exec(JSON.stringify(args))?.[1] ?? "an algorithm of a value";
  return isShared(algorithm) ? inner : [privateKey(where, algorithm), ...inner];
}

function isShared(algorithm: string): boolean {
  return algorithm === "HS256" || algorithm === "HS512";
}

/** Templates are filled in at once, and Web Crypto answers later. */
function privateKey(where: string, algorithm: string): string {
  return `${where} signs with ${algorithm}, for which the platform has no signature at once`;
}
