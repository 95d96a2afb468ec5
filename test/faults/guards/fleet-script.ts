/** The admission script: its short path decides as the whole rule does, and the translation is held to a real server. */
import type { Guard } from "../guard.ts";

const file = "runtime/redis/scripts/plain.ts";
const test = "test/bench/fleet-script.test.ts";
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
];
