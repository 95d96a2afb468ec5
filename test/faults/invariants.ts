import { ConnectorError } from "../../runtime/index.ts";
import type { ReceivedRequest } from "../../runtime/testing/index.ts";
import { errorCodes } from "../../schema/language/error-codes.ts";
import type { Ending } from "./ending.ts";
import { canaries, deadlineMs, type Played } from "./scene.ts";

/** How late a call may settle. */
const lateMs = 250;
const mostAttempts = 3;
/** A page is a call, and so is a warm-up. */
const mostHops = 3;

const encodings: readonly ((value: string) => string)[] = [
  (value) => value,
  (value) => Buffer.from(value).toString("base64").replace(/=+$/, "").slice(0, -1),
  (value) => Buffer.from(value).toString("hex"),
];

/** What the promises say of any call whatever happened to it; answers what was broken, in words. */
export function violations(played: Played): string[] {
  const { ending, tookMs, shown, timersLeft, socketsLeft, problems } = played;
  const broken = [...problems, ...errorViolations(ending)];
  if (tookMs > deadlineMs + lateMs) broken.push(`settled after ${tookMs} ms`);
  if (timersLeft > 0) broken.push(`${timersLeft} timers are left after close`);
  if (socketsLeft > 0) broken.push(`${socketsLeft} sockets are left after close`);
  for (const canary of canaries)
    if (encodings.some((encode) => shown.includes(encode(canary)))) broken.push(`shows ${canary}`);
  return broken;
}

export function errorViolations(ending: Ending): string[] {
  if (ending.ok) return ending.attempts > mostAttempts ? ["more than 3 attempts"] : [];
  const { error } = ending;
  if (!ConnectorError.is(error)) return [`not a ConnectorError: ${String(error)}`];
  const broken: string[] = [];
  if (!errorCodes.some((code) => code === error.code) || error.code === "internal")
    broken.push(`the code ${error.code}: ${error.message}`);
  if ((error.attempts ?? 0) > mostAttempts) broken.push(`${error.attempts} attempts`);
  if (!/\.$/.test(error.message) || error.message.length > 1_000)
    broken.push(`no sentence: ${error.message.slice(0, 1_000)}`);
  if (/\bat \S+ \(|undefined|\[object/.test(error.message)) broken.push(`not for people: ${error.message}`);
  return broken;
}

/** Promises 2 and 3 as the server sees them: the requests of one call. */
export function arrivalViolations(
  requests: readonly ReceivedRequest[],
  guarded: boolean,
  refused: ReadonlySet<number>,
): string[] {
  const broken: string[] = [];
  if (requests.length > mostAttempts + (requests[0]?.method === "GET" ? mostHops : 0))
    broken.push(`${requests.length} requests of one call`);
  const writes = requests.filter(({ method }) => method !== "GET");
  const keys = new Set(writes.map(({ headers }) => headers["idempotency-key"]));
  if (guarded && (keys.size > 1 || keys.has(undefined))) broken.push("attempts under several keys");
  const mayHaveWorked = writes.filter(({ number }) => !refused.has(number));
  if (!guarded && mayHaveWorked.length > 1) broken.push(`a write arrived ${mayHaveWorked.length} times`);
  return broken;
}
