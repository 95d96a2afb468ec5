/** One source of the command line, read and compiled. */
import { dirname, extname } from "node:path";
import { createDiskHost, enoughBytes, fileReason, readBytes } from "../compiler/disk-host.ts";
import { type Compilation, compileText } from "../compiler/index.ts";
import type { Source } from "./find/sources.ts";
import type { World } from "./world.ts";

/** Reads and compiles a source; a source that cannot be opened, or has no connector of that slug, is a problem in a sentence. */
export async function compileSource(
  source: Source,
  world: World,
): Promise<Compilation | { readonly problem: string }> {
  let bytes: Uint8Array;
  try {
    bytes = source.path === undefined ? await world.readStdin(enoughBytes) : readBytes(source.path);
  } catch (error) {
    return {
      problem: `cannot open ${source.name}: ${fileReason(error)}; check the path and its permissions`,
    };
  }
  const compilation = await compileText(bytes, {
    file: source.name,
    host: createDiskHost(source.path === undefined ? world.cwd : dirname(source.path)),
    format: extname(source.path ?? "").toLowerCase() === ".json" ? "json" : "yaml",
  });
  return selectSlug(compilation, source);
}

/** Narrows a file of several documents to the one that `FILE#slug` names. */
function selectSlug(compiled: Compilation, source: Source): Compilation | { readonly problem: string } {
  if (source.slug === undefined) return compiled;
  const chosen = compiled.slugs.find(({ slug }) => slug === source.slug);
  if (chosen)
    return {
      text: compiled.text,
      slugs: [chosen],
      connectors: compiled.connectors.filter(({ document }) => document === chosen.document),
      diagnostics: compiled.diagnostics.filter(({ document }) => document === chosen.document),
    };
  // A file that could not be read as far as its slugs: its findings say more than we could.
  if (compiled.slugs.length === 0 && compiled.diagnostics.length > 0) return compiled;
  const slugs = compiled.slugs.map(({ slug }) => slug).join(", ");
  return {
    problem: `${source.name} has no connector with the slug ${source.slug}; it has ${slugs || "none"}`,
  };
}
