/** The baselines of a run: one by flag, or those that configurations name. */
import { relative, sep } from "node:path";
import { CommandFailure } from "../failure.ts";
import type { Source } from "../find/sources.ts";
import { reportProblems } from "../report/problems.ts";
import type { FileReport } from "../report/reporter.ts";
import { counted } from "../report/summary.ts";
import type { World } from "../world.ts";
import type { Baseline } from "./baseline.ts";
import type { KnownFinding } from "./baseline-file.ts";
import type { Settings, ValidateFlags } from "./settings.ts";

/** What hides the findings of a run that its baselines list. */
export interface Baselines {
  hide(report: FileReport): FileReport;
  /** Says what is gone, or writes what was found; answers a sentence for each that could not be written. */
  end(): Promise<readonly string[]>;
  /** Absolute paths. */
  readonly paths: readonly string[];
}

/** Opens the baselines of the sources. One that is missing, or is none, ends the command. */
export async function openBaselines(
  { updateBaseline = false }: ValidateFlags,
  sources: readonly Source[],
  settings: Settings,
  world: World,
): Promise<Baselines> {
  const paths = [...new Set(sources.flatMap(({ name }) => settings.baselineOf(name) ?? []))];
  if (paths.length === 0) {
    if (updateBaseline && sources.length > 0)
      throw new CommandFailure("--update-baseline needs a file to write; name it with --baseline FILE");
    return { hide: (report) => report, end: async () => [], paths };
  }
  // Most runs have none, and load nothing for it.
  const { readBaseline } = await import("./baseline-file.ts");
  const { createBaseline } = await import("./baseline.ts");
  const open = new Map<string, { readonly baseline: Baseline; readonly known: readonly KnownFinding[] }>();
  for (const path of paths) {
    const known = readBaseline(path, shownAs(path, world));
    if (!known && !updateBaseline)
      throw new CommandFailure(
        `there is no baseline ${shownAs(path, world)}; write it with --update-baseline`,
      );
    open.set(path, {
      baseline: createBaseline(path, known ?? [], updateBaseline, world.cwd),
      known: known ?? [],
    });
  }
  const slugs = new Map(sources.map(({ name, slug }) => [name, slug]));
  return {
    paths,
    hide: (report) => {
      const path = settings.baselineOf(report.name);
      const found = path === undefined ? undefined : open.get(path);
      return found ? found.baseline.hide(report, slugs.get(report.name)) : report;
    },
    end: async () => {
      const problems: string[] = [];
      for (const [path, { baseline, known }] of open)
        if (updateBaseline) problems.push(...(await write(path, baseline, known, world)));
        else await tellGone(path, baseline.gone(), world);
      return problems;
    },
  };
}

async function write(
  path: string,
  baseline: Baseline,
  known: readonly KnownFinding[],
  world: World,
): Promise<readonly string[]> {
  const { baselineText } = await import("./baseline-file.ts");
  const { replaceFile } = await import("../report/sink-files.ts");
  const findings = baseline.renewed();
  const problems = replaceFile(shownAs(path, world), baselineText(findings), world.cwd);
  if (problems.length === 0)
    await reportProblems(
      [
        `${shownAs(path, world)} lists ${counted(total(findings), "finding")} now, before ${total(known)}` +
          leftOut(baseline.blocking()),
      ],
      world,
    );
  return problems;
}

/** What a first run with a baseline may not pass over in silence. */
function leftOut(blocking: number): string {
  if (blocking === 0) return "";
  return `; ${counted(blocking, "error")} ${blocking === 1 ? "is" : "are"} not in it: what leaves nothing to compile cannot be hidden`;
}

function total(findings: readonly KnownFinding[]): number {
  return findings.reduce((sum, { count }) => sum + (count ?? 1), 0);
}

async function tellGone(path: string, gone: readonly KnownFinding[], world: World): Promise<void> {
  if (gone.length === 0) return;
  const shown = gone.slice(0, 3).map(({ file, rule, at }) => `${file} ${rule} ${at}`);
  const more = gone.length > shown.length ? ` and ${gone.length - shown.length} more` : "";
  await reportProblems(
    [
      `${shownAs(path, world)} lists what is found no more (${shown.join(", ")}${more}); take it out with --update-baseline`,
    ],
    world,
  );
}

function shownAs(path: string, world: World): string {
  return relative(world.cwd, path).split(sep).join("/");
}
