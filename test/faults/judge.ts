import { type Fault, type Protocol, seenAt, sightOf, situationAt } from "./fault.ts";
import { arrivalViolations, violations } from "./invariants.ts";
import type { Played } from "./scene.ts";

/** All that is wrong with what came of a fault: broken promises, and another sight than the one it is known for. */
export function judge(fault: Fault, played: Played, protocol: Protocol = "HTTP/1.1"): string[] {
  return [...violations(played), ...arrivals(fault, played), ...disappointments(fault, played, protocol)];
}

function disappointments(fault: Fault, { ending, scene }: Played, protocol: Protocol): string[] {
  const seen = seenAt(fault, scene.place, protocol);
  if (!seen) return [];
  const sight = sightOf(seen, scene.method);
  const code = ending.ok ? "ok" : ending.error.code;
  const attempts = ending.ok ? ending.attempts : ending.error.attempts;
  const what = ending.ok ? "" : `: ${ending.error.message}`;
  const wrong: string[] = [];
  if (![sight.code].flat().includes(code)) wrong.push(`sees ${code}, not ${sight.code}${what}`);
  if (sight.attempts !== undefined && attempts !== sight.attempts)
    wrong.push(`${attempts} attempts, not ${sight.attempts}${what}`);
  if (sight.retryable !== undefined && !ending.ok && ending.error.retryable !== sight.retryable)
    wrong.push(`retryable is ${ending.error.retryable}${what}`);
  return wrong;
}

function arrivals(fault: Fault, { scene, refused }: Played): string[] {
  if (scene.place === "token endpoint of others" && scene.arrived() > 0) return ["a token was asked for"];
  if (fault.paged) return [];
  const { failing, healthy, place, method } = scene;
  const server = situationAt(place).failing === "operation" ? failing : healthy;
  const calls = server.requests.filter(({ path }) => path === "/x");
  return (fault.calls ?? 1) > 1 ? [] : arrivalViolations(calls, method === "POST with key", refused);
}
