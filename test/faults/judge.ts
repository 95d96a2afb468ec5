import { type Fault, type Place, type Protocol, sightOf } from "./fault.ts";
import { arrivalViolations, violations } from "./invariants.ts";
import type { Played } from "./scene.ts";

/** All that is wrong with what came of a fault: broken promises, and another sight than the one it is known for. */
export function judge(fault: Fault, played: Played, protocol: Protocol = "HTTP/1.1"): string[] {
  return [
    ...violations(played),
    ...arrivals(fault, played),
    ...(isHome(fault, played.scene.place) ? disappointments(fault, played, protocol) : []),
  ];
}

function disappointments(fault: Fault, { ending, scene }: Played, protocol: Protocol): string[] {
  const sight = sightOf((protocol === "HTTP/2" && fault.overHttp2) || fault.seen, scene.method);
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
  if (fault.paged) return [];
  const { failing, healthy, place, method } = scene;
  const server = place.startsWith("operation") ? failing : healthy;
  const calls = server.requests.filter(({ path }) => path === "/x");
  return (fault.calls ?? 1) > 1 ? [] : arrivalViolations(calls, method === "POST with key", refused);
}

/** Where a fault belongs: its sight is for there, elsewhere only what always holds is asked. */
function isHome(fault: Fault, place: Place): boolean {
  return fault.at?.length === 1 || place.startsWith("operation");
}
