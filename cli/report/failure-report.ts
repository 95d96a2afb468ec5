/** What programs that parse `connector validate` get where the command failed: one document, whatever went wrong. */
import type { World } from "../world.ts";
import { formats } from "./formats.ts";
import { reporterOptions } from "./sinks.ts";

/** The document of a run without files, for the format on standard output; undefined where none is owed. */
export async function failureReport(
  argv: readonly string[],
  sentence: string,
  exitCode: number,
  world: World,
): Promise<string | undefined> {
  const format = wantedOnStdout(argv);
  if (!format?.document) return undefined;
  const create = await format.load();
  return create(reporterOptions(world, world.stdout)).end({ files: [], problems: [sentence], exitCode });
}

function wantedOnStdout(argv: readonly string[]): ReturnType<typeof formats.get> {
  const end = argv.indexOf("--");
  const words = end < 0 ? argv : argv.slice(0, end);
  const wanted = words.flatMap((word, index) =>
    word === "--format" ? (words[index + 1] ?? []) : word.startsWith("--format=") ? word.slice(9) : [],
  );
  return wanted.map((name) => formats.get(name)).find((format) => format !== undefined);
}
