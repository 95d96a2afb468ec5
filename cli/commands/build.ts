import type { Emitter } from "../../compiler/emit/output.ts";
import { list } from "../../schema/language/spelling.ts";
import { compileAll } from "../build/compile-all.ts";
import { type OutputPlan, planOutput } from "../build/plan.ts";
import { watchBuild } from "../build/watch.ts";
import { writeChanges } from "../build/write.ts";
import { CommandFailure } from "../failure.ts";
import { reportProblems } from "../report/problems.ts";
import { counted } from "../report/summary.ts";
import type { ExitCode, World } from "../world.ts";

export interface BuildFlags {
  readonly out: string;
  readonly target: string;
  /** Of the target `ts`. */
  readonly mode: string;
  /** Of the target `mcpb`, both or none: where the bundle is published. */
  readonly namespace?: string;
  readonly downloadUrl?: string;
  /** Writes nothing, and fails where the output is not what would be written. */
  readonly check?: boolean;
  /** Overwrites files that were edited by hand. */
  readonly force?: boolean;
  readonly watch?: boolean;
}

interface Built {
  readonly code: ExitCode;
  readonly summary: string;
  /** Absolute paths of what it read. */
  readonly reads: readonly string[];
}

/** `connector build`: writes `DIR/<slug>/…` for every connector, or nothing where any descriptor has errors. */
export async function buildCommand(
  paths: readonly string[],
  flags: BuildFlags,
  world: World,
): Promise<ExitCode> {
  if (!flags.watch) return (await build(paths, flags, world)).code;
  if (flags.check) throw new CommandFailure("--check and --watch exclude each other; take one of them");
  return watchBuild(() => build(paths, flags, world), paths, world);
}

async function build(paths: readonly string[], flags: BuildFlags, world: World): Promise<Built> {
  const { connectors, code, reads } = await compileAll(paths, world);
  if (!connectors) return { code, reads, summary: "not built" };
  const emit = await emitterOf(flags);
  try {
    const files = (await Promise.all(connectors.map(({ ir }) => emit(ir)))).flat();
    const plan = planOutput(files, { cwd: world.cwd, ...flags });
    const done = flags.check ? await check(plan, world) : await write(plan, flags, world);
    return { ...done, reads, summary: `${counted(connectors.length, "connector")}: ${done.summary}` };
  } catch (error) {
    const failure =
      error instanceof Error && error.name === "EmitRefusal" ? new CommandFailure(error.message) : error;
    // What ends another run is told, and may be mended while we watch.
    if (!flags.watch || !CommandFailure.is(failure)) throw failure;
    await reportProblems([failure.message], world);
    return { code: 2, reads, summary: "not built" };
  }
}

async function emitterOf({ target, mode, namespace, downloadUrl }: BuildFlags): Promise<Emitter> {
  const { modes, publishedBundles, targets } = await import("../../compiler/emit/targets.ts");
  if (target !== "ts" && mode !== "runtime")
    throw new CommandFailure(`--mode ${mode} is of the target ts; leave one of them out`);
  if ((namespace ?? downloadUrl) !== undefined) {
    if (target !== "mcpb" || namespace === undefined || downloadUrl === undefined)
      throw new CommandFailure("--namespace and --download-url are of the target mcpb, and belong together");
    return publishedBundles({ namespace, downloadUrl });
  }
  const emit = target === "ts" ? modes[mode] : targets[target];
  if (emit) return emit;
  const known = list(Object.keys(target === "ts" ? modes : targets));
  throw new CommandFailure(
    `there is no ${target === "ts" ? `mode ${mode}` : `target ${target}`}; take ${known}`,
  );
}

async function check({ changes }: OutputPlan, world: World): Promise<Omit<Built, "reads">> {
  const sentences = changes.map(({ shown, before, after }) =>
    before === undefined
      ? `${shown} is missing`
      : after === undefined
        ? `${shown} is no longer made`
        : `${shown} is not what the descriptor makes`,
  );
  await reportProblems(
    [...sentences, ...(changes.length > 0 ? ["build again to bring it up to date"] : [])],
    world,
  );
  return { code: changes.length > 0 ? 1 : 0, summary: `${counted(changes.length, "file")} stale` };
}

async function write(
  { changes, edited, unchanged }: OutputPlan,
  { force }: BuildFlags,
  world: World,
): Promise<Omit<Built, "reads">> {
  if (edited.length > 0 && !force)
    throw new CommandFailure(
      `${list(edited)} would be overwritten, but no build wrote ${edited.length > 1 ? "them" : "it"} as ${edited.length > 1 ? "they stand" : "it stands"}; nothing was changed. Keep your own code in files of your own, or overwrite with --force`,
    );
  writeChanges(changes);
  for (const { shown, after } of changes) if (after !== undefined) await world.stdout.write(`${shown}\n`);
  return { code: 0, summary: `${counted(changes.length, "file")} written, ${unchanged} unchanged` };
}
