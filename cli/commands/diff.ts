import type { Level } from "../../compiler/diff/change.ts";
import type { Diagnostic } from "../../schema/diagnostic.ts";
import { type Bump, bumpText, replaceFile } from "../diff/bump.ts";
import { emptyDiff, jsonDiff } from "../diff/json.ts";
import { markdownDiff } from "../diff/markdown.ts";
import { type Compared, compareSides, narrowTo } from "../diff/pair.ts";
import { prettyDiff } from "../diff/pretty.ts";
import { readDisk, readOld, type Side, type SideFile } from "../diff/side.ts";
import { type FailOn, verdict } from "../diff/verdict.ts";
import { CommandFailure } from "../failure.ts";
import { prettyReport } from "../report/pretty.ts";
import { reportProblems } from "../report/problems.ts";
import { type ExitCode, type World, wantsColor } from "../world.ts";

export interface DiffFlags {
  readonly format: "pretty" | "json" | "markdown";
  readonly failOn?: Level | "none";
  readonly autoBump?: boolean;
}

/** `connector diff`. A JSON report is owed even where nothing could be compared: it is empty then. */
export async function diffCommand(
  old: string,
  now: string,
  flags: DiffFlags,
  world: World,
): Promise<ExitCode> {
  let reported = false;
  const write = (text: string): Promise<void> => {
    reported = true;
    return world.stdout.write(text);
  };
  try {
    return await compareAndReport(old, now, flags, world, write);
  } finally {
    if (!reported && flags.format === "json") await world.stdout.write(emptyDiff);
  }
}

/** What changed between two versions of descriptors, and whether their version says so. */
async function compareAndReport(
  old: string,
  now: string,
  flags: DiffFlags,
  world: World,
  write: (text: string) => Promise<void>,
): Promise<ExitCode> {
  if (old === "-" && now === "-")
    throw new CommandFailure("standard input can be one side only; name a file or git:REV for the other");
  const after = await readDisk(now, world);
  if (!(await isSound(after, world))) return 2;
  const before = narrowTo(await readOld(old, now, world), after);
  if (!(await isSound(before, world))) return 2;
  const compared = compareSides(before, after);
  const bumped = flags.autoBump ? await bump(compared, world) : compared;
  await write(render(bumped, flags, world));
  return verdict(bumped, flags.failOn satisfies FailOn | undefined);
}

function render(compared: readonly Compared[], { format }: DiffFlags, world: World): string {
  switch (format) {
    case "json":
      return jsonDiff(compared);
    case "markdown":
      return markdownDiff(compared);
    case "pretty": {
      const { columns } = world.stdout;
      return prettyDiff(compared, {
        color: wantsColor(world.stdout, world.env),
        ...(columns === undefined ? {} : { columns }),
      });
    }
  }
}

/** Nothing can be compared with a descriptor that has errors: they are told, and no change is. */
async function isSound({ files, problems }: Side, world: World): Promise<boolean> {
  await reportProblems(problems, world);
  let sound = problems.length === 0;
  for (const file of files) {
    const errors = file.diagnostics.filter(({ severity }: Diagnostic) => severity === "error");
    if (errors.length === 0) continue;
    sound = false;
    await world.stderr.write(prettyReport(errors, file.text, wantsColor(world.stderr, world.env)));
    await reportProblems(
      [`${file.name} has errors, so nothing was compared; mend what is shown above`],
      world,
    );
  }
  if (sound && files.every(({ connectors }) => connectors.length === 0)) {
    await reportProblems([`${files[0]?.name ?? "the folder"} holds no connector to compare`], world);
    return false;
  }
  return sound;
}

/** Writes the least version that the changes allow, where the version breaks the rule; the result reads as mended. */
async function bump(compared: readonly Compared[], world: World): Promise<readonly Compared[]> {
  const bumps = new Map<SideFile, Bump[]>();
  for (const { new: now, version } of compared) {
    if (!now || !version?.problem) continue;
    if (now.file.path === undefined)
      throw new CommandFailure("--auto-bump writes into a file; name one as NEW instead of standard input");
    bumps.set(now.file, [...(bumps.get(now.file) ?? []), { document: now.document, version: version.least }]);
  }
  for (const [file, wanted] of bumps) {
    const text = bumpText(file.text, file.format, wanted);
    if (text === undefined || file.path === undefined)
      throw new CommandFailure(`${file.name} has no place for a version; write metadata.version yourself`);
    await replaceFile(file.path, file.name, text);
    await world.stderr.write(`${file.name}: version ${wanted.map(({ version }) => version).join(", ")}\n`);
  }
  return compared.map((one) => {
    if (!one.version?.problem) return one;
    const { problem: _, ...version } = one.version;
    const ir = one.new && { ...one.new.ir, version: version.least };
    return {
      ...one,
      ...(one.new && ir ? { new: { ...one.new, ir } } : {}),
      version: { ...version, new: version.least },
    };
  });
}
