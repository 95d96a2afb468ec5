/** `connector validate --fix`: certain mends are made while the files are checked. */
import { enoughBytes } from "../../compiler/disk-host.ts";
import { fixText } from "../../compiler/fix/fix-text.ts";
import { compileBytes, readSource } from "../compile-source.ts";
import { CommandFailure } from "../failure.ts";
import type { Source } from "../find/sources.ts";
import { counted } from "../report/summary.ts";
import { type World, wantsColor } from "../world.ts";
import { openBaselines } from "./baselines.ts";
import type { Checked, checkFiles } from "./check-files.ts";
import { replaceFile } from "./replace-file.ts";
import type { Settings, ValidateFlags } from "./settings.ts";

/** A run that fixes: what checks its files, the world of its reports, and its closing words. */
export interface Fixer {
  readonly check: typeof checkFiles;
  /** Standard output is taken by a patch or a fixed text: findings then go to standard error. */
  readonly world: World;
  end(): Promise<void>;
}

/** Judges the flags; what they cannot be together ends the command. */
export function createFixer(paths: readonly string[], flags: ValidateFlags, world: World): Fixer {
  if (!flags.fix) throw new CommandFailure("--dry-run shows what --fix would do; give both");
  if (flags.updateBaseline)
    throw new CommandFailure(
      "--update-baseline lists what --fix would mend; run --fix first, then the other",
    );
  const printsText = paths.some((path) => path === "-" || path.startsWith("-#"));
  const reports: World =
    flags.dryRun || printsText ? Object.create(world, { stdout: { get: () => world.stderr } }) : world;
  const done = { problems: 0, files: 0 };
  return {
    world: reports,
    check: (sources, settings) => fixFiles(sources, settings, flags, world, done),
    end: async () => {
      const what = `${counted(done.problems, "problem")} in ${counted(done.files, "file")}`;
      const said = flags.dryRun ? `--fix would fix ${what}` : `fixed ${what}`;
      if (done.problems > 0) await world.stderr.write(`connector: ${said}\n`);
    },
  };
}

/** Running totals of what was fixed. */
interface Done {
  problems: number;
  files: number;
}

async function* fixFiles(
  sources: readonly Source[],
  settings: Settings,
  flags: ValidateFlags,
  world: World,
  done: Done,
): AsyncIterable<Checked> {
  for (const source of sources) yield await fixFile(source, settings, flags, world, done);
}

async function fixFile(
  source: Source,
  settings: Settings,
  flags: ValidateFlags,
  world: World,
  done: Done,
): Promise<Checked> {
  const bytes = await readSource(source, world);
  if ("problem" in bytes) return bytes;
  const policy = settings.policyOf(source.name);
  const before = decode(bytes);
  const isStream = source.stdin === true || source.path === undefined;
  const check = async (text: string) => {
    const compiled = await compileBytes(text, source, world, policy);
    if ("problem" in compiled) return [];
    // What a baseline hides is not to be fixed; it counts down as it hides, so each look takes a fresh one.
    const baselines = await openBaselines(flags, [source], settings, world);
    return baselines.hide({ name: source.name, ...compiled }).diagnostics;
  };
  const { text, fixed } = before === undefined ? { text: "", fixed: [] } : await fixText(before.text, check);
  const after = before === undefined || fixed.length === 0 ? bytes : Buffer.from(before.mark + text);
  if (flags.dryRun) await printPatch(source, before?.text ?? "", fixed.length > 0 ? text : undefined, world);
  else if (isStream) {
    // What is too large was not read to its end: half a text would pass for the whole.
    if (bytes.length < enoughBytes) await world.stdout.write(after);
  } else if (fixed.length > 0 && source.path !== undefined) {
    const problem = replaceFile(source.path, source.name, bytes, after);
    if (problem !== undefined) return { problem };
  }
  if (fixed.length > 0) {
    done.problems += fixed.length;
    done.files += 1;
  }
  const compiled = await compileBytes(after, source, world, policy);
  if ("problem" in compiled) return compiled;
  const { diagnostics, suppressed, reads } = compiled;
  return { name: source.name, text: compiled.text, diagnostics, suppressed, reads };
}

async function printPatch(
  { name }: Source,
  before: string,
  after: string | undefined,
  world: World,
): Promise<void> {
  if (after === undefined) return;
  const { unifiedDiff } = await import("./unified-diff.ts");
  const color = wantsColor(world.stdout, world.env);
  await world.stdout.write(unifiedDiff(name === "-" ? "stdin" : name, before, after, color));
}

/** The text behind its byte order mark; undefined where it is none, of which the compiler tells. */
function decode(bytes: Uint8Array): { readonly mark: string; readonly text: string } | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.startsWith("\uFEFF") ? { mark: "\uFEFF", text: text.slice(1) } : { mark: "", text };
  } catch {
    return undefined;
  }
}
