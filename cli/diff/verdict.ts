import { type Level, levels } from "../../compiler/diff/change.ts";
import type { ExitCode } from "../world.ts";
import type { Compared } from "./pair.ts";

/** What fails a comparison besides a version that the changes do not allow. */
export type FailOn = Level | "none";

/**
 * 1 where a version breaks the rule, or where a change is as grave as asked for. `none` fails for neither: the
 * report alone counts.
 */
export function verdict(compared: readonly Compared[], failOn: FailOn | undefined): ExitCode {
  if (failOn === "none") return 0;
  if (compared.some(({ version }) => version?.problem)) return 1;
  if (failOn === undefined) return 0;
  const grave = new Set(levels.slice(0, levels.indexOf(failOn) + 1));
  return compared.some(({ changes }) => changes.some(({ level }) => grave.has(level))) ? 1 : 0;
}
