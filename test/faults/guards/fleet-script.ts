/** The admission script, whose short path decides as the whole rule does; leases; the size of the fleet. */
import type { Guard } from "../guard.ts";

const file = "runtime/redis/scripts/plain.ts";
const test = "test/bench/fleet-script.test.ts";
const lease = "test/runtime/redis/lease.test.ts";
const alike = "test/runtime/redis/alike.test.ts";
const only = "decide plain calls by the short path";

export const fleetScriptGuards: readonly Guard[] = [
  {
    name: "fleet: the window on the short path",
    file,
    from: "or used + cost > limit + burst or",
    to: "or used > limit + burst or",
    test,
    only,
  },
  {
    name: "fleet: those who wait, and the server's word, on the short path",
    file,
    from: "or quiet > now or",
    to: "or",
    test,
    only,
  },
  {
    name: "fleet: a lost record on the short path",
    file,
    from: "known > 0 and known ~= born",
    to: "false",
    test,
    only,
  },
  {
    name: "fleet: the bucket on the short path",
    file,
    from: "if fullAt + (cost - limit - burst) * unit > now then break end",
    to: "",
    test,
    only,
  },
  {
    name: "fleet: the size of a lease",
    file: "runtime/redis/scripts/admit.ts",
    from: "math.floor(r.capacity / 20)",
    to: "r.capacity",
    test: lease,
    only: "costs one question for all who wait",
  },
  {
    name: "fleet: the end of a lease",
    file: "runtime/redis/lease-stock.ts",
    from: "lot.until <= this.#clock.now()",
    to: "false",
    test: lease,
    only: "is of no use after its end",
  },
  {
    name: "fleet: what a lease has left over",
    file: "runtime/redis/lease-stock.ts",
    from: "void this.#giveBack(limits, lot.units, lot.at);",
    to: "",
    test: lease,
    only: "is given back at its end",
  },
  {
    name: "fleet: the size of a fleet that a store has forgotten",
    file: "runtime/redis/fleet-size.ts",
    from: "one.count > count && one.until > now",
    to: "false",
    test: "test/runtime/redis/fleet-size.test.ts",
    only: "is the most that was counted",
  },
  {
    name: "fleet: what was drained after a start that is given back",
    file: "runtime/redis/scripts/limits.ts",
    from: "r.fullAt = math.max(fullWithout(r, taken), now - r.interval)",
    to: "r.fullAt = math.max(r.fullAt - taken * r.unit, now - r.interval)",
    test: alike,
    only: "decide as those in memory do",
  },
  {
    name: "fleet: calls that have ended when a server says what remains",
    file: "runtime/redis/scripts/limits.ts",
    from: "if ended > 0 then run(r, ARGV[6], -ended, now) end",
    to: "",
    test: alike,
    only: "decide as those in memory do",
  },
  {
    name: "fleet: the place of one who waits alone and asks for less",
    file: "runtime/redis/scripts/admit.ts",
    from: "if ahead > 0 and mine and",
    to: "if mine and",
    test: alike,
    only: "decide as those in memory do",
  },
];
