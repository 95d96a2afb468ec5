/** Every fault at every place it can be, under every method: what the caller sees, and what always holds. */
import { describe, expect, it } from "vitest";
import { families } from "./families.ts";
import { type Fault, type Method, methods, type Place, sightOf } from "./fault.ts";
import { arrivalViolations, violations } from "./invariants.ts";
import { type Played, play } from "./scene.ts";

const anyPlace: readonly Place[] = ["operation", "operation after a chain", "chain step"];

function disappointments(fault: Fault, method: Method, { ending }: Played): string[] {
  const sight = sightOf(fault.seen, method);
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

function arrivals(fault: Fault, method: Method, { scene, refused }: Played): string[] {
  if (fault.paged) return [];
  const { failing, healthy, place } = scene;
  const server = place.startsWith("operation") ? failing : healthy;
  const calls = server.requests.filter(({ path }) => path === "/x");
  return (fault.calls ?? 1) > 1 ? [] : arrivalViolations(calls, method === "POST with key", refused);
}

/** Where a fault belongs: its sight is for there, elsewhere only what always holds is asked. */
function isHome(fault: Fault, place: Place): boolean {
  return fault.at?.length === 1 || place.startsWith("operation");
}

describe.each(Object.entries(families))("%s", (_, faults) => {
  describe.each(faults.map((fault) => [fault.name, fault] as const))("%s", (_name, fault) => {
    for (const place of fault.at ?? anyPlace)
      it.each(methods)(`at the ${place}, by %s`, async (method) => {
        const played = await play(fault, method, place);
        expect([
          ...violations(played),
          ...arrivals(fault, method, played),
          ...(isHome(fault, place) ? disappointments(fault, method, played) : []),
        ]).toEqual([]);
      });
  });
});
