import { dirname, resolve } from "node:path";
import { createDiskHost, fileReason, readBytes } from "../../compiler/disk-host.ts";
import { formats } from "../../compiler/import/formats.ts";
import { type Imported, importDocument } from "../../compiler/import/import.ts";
import { ImportFailure } from "../../compiler/import/importer.ts";
import { maxSourceBytes } from "../../compiler/import/read-source.ts";
import { CommandFailure } from "../failure.ts";
import type { LiveFlags } from "../import/live-mcp.ts";
import { jsonImportReport, textImportReport } from "../import/report.ts";
import { printImport, writeImport } from "../import/write.ts";
import { startProgress } from "../progress.ts";
import type { ExitCode, World } from "../world.ts";

export interface ImportFlags extends LiveFlags {
  readonly out?: string;
  readonly select: readonly string[];
  readonly mcp: readonly string[];
  readonly update?: boolean;
  readonly force?: boolean;
  readonly report: "text" | "json";
}

/** `connector import`: writes `DIR/<slug>/connector.yaml` for every connector of a source, or prints the only one. */
export async function importCommand(
  words: readonly string[],
  flags: ImportFlags,
  world: World,
): Promise<ExitCode> {
  const { format, file } = sourceOf(words);
  const live = format === "mcp" ? liveServer(file, flags) : undefined;
  if (flags.update && flags.out === undefined)
    throw new CommandFailure("--update needs --out: the folder that holds the descriptor to be updated");
  const progress = startProgress(world);
  let imported: Imported;
  try {
    imported = await importDocument({
      ...(format === undefined ? {} : { format }),
      name: file,
      bytes: live ? await listed(file, live, flags, world) : await read(file, world),
      select: flags.select,
      mcp: flags.mcp,
      host: createDiskHost(file === "-" ? world.cwd : dirname(resolve(world.cwd, file))),
      progress: progress.update,
    });
  } catch (error) {
    if (error instanceof ImportFailure) throw new CommandFailure(error.message, 1);
    throw error;
  } finally {
    progress.stop();
  }
  const report = flags.report === "json" ? jsonImportReport(imported) : textImportReport(imported);
  if (flags.out === undefined) {
    await printImport(imported, world);
    await world.stderr.write(report);
    return 0;
  }
  return writeImport(
    imported,
    { out: flags.out, force: flags.force ?? false, update: flags.update ?? false, report },
    world,
  );
}

/** One word is a file; of two the first is a format. */
function sourceOf(words: readonly string[]): { readonly format?: string; readonly file: string } {
  const [first = "", second, ...more] = words;
  if (more.length > 0)
    throw new CommandFailure("name one file, with its format before it if it is not to be guessed");
  if (second !== undefined) return { format: first, file: second };
  if (Object.hasOwn(formats, first))
    throw new CommandFailure(`name the file to import as ${first}, or - for standard input`);
  return { file: first };
}

/** A URL, or a name of `--mcp-servers`; undefined for a file. */
function liveServer(source: string, { mcpServers }: LiveFlags): "url" | "name" | undefined {
  if (/^https?:\/\//i.test(source)) return "url";
  return mcpServers === undefined ? undefined : "name";
}

/** Only this import calls anybody: the others load no runtime. */
async function listed(source: string, kind: "url" | "name", flags: LiveFlags, world: World): Promise<string> {
  const { listLiveTools } = await import("../import/live-mcp.ts");
  return listLiveTools(source, kind, flags, world);
}

async function read(file: string, world: World): Promise<Uint8Array> {
  try {
    const limit = maxSourceBytes + 1;
    return file === "-" ? await world.readStdin(limit) : readBytes(resolve(world.cwd, file), limit);
  } catch (error) {
    throw new CommandFailure(`cannot open ${file}: ${fileReason(error)}; check the path and its permissions`);
  }
}
