/** One source of the command line, read and compiled. */
import { dirname, extname, resolve } from "node:path";
import { createDiskHost, enoughBytes, fileReason, readBytes } from "../compiler/disk-host.ts";
import { type Compilation, compileText } from "../compiler/index.ts";
import type { Policy } from "../compiler/policy.ts";
import type { Source } from "./find/sources.ts";
import type { World } from "./world.ts";

/** A compilation, and the absolute paths of the schema files that it read. */
export type Compiled = Compilation & { readonly reads: readonly string[] };

/** Reads and compiles a source; a source that cannot be opened, or has no connector of that slug, is a problem in a sentence. */
export async function compileSource(
  source: Source,
  world: Pick<World, "cwd" | "readStdin" | "limitHeap">,
  policy: Policy = {},
  options: { readonly findingsOnly?: boolean } = {},
): Promise<Compiled | { readonly problem: string }> {
  const bytes = await readSource(source, world);
  return "problem" in bytes ? bytes : compileBytes(bytes, source, world, policy, options);
}

/** The bytes of a source, as many as any rule accepts; or a sentence that says why there are none. */
export async function readSource(
  source: Source,
  world: Pick<World, "readStdin">,
): Promise<Uint8Array | { readonly problem: string }> {
  try {
    return source.stdin || source.path === undefined
      ? await world.readStdin(enoughBytes)
      : readBytes(source.path);
  } catch (error) {
    return {
      problem: `cannot open ${source.name}: ${fileReason(error)}; check the path and its permissions`,
    };
  }
}

/** Compiles what a source holds, or would hold. */
export async function compileBytes(
  bytes: Uint8Array | string,
  source: Source,
  world: Pick<World, "cwd" | "limitHeap">,
  policy: Policy = {},
  options: { readonly findingsOnly?: boolean } = {},
): Promise<Compiled | { readonly problem: string }> {
  world.limitHeap?.(bytes.length);
  const folder = source.path === undefined ? world.cwd : dirname(source.path);
  const disk = createDiskHost(folder);
  const reads = new Set<string>();
  const compilation = await compileText(bytes, {
    ...options,
    file: source.name,
    policy,
    host: {
      readText: (file) => {
        reads.add(resolve(folder, file));
        return disk.readText(file);
      },
    },
    format: extname(source.path ?? "").toLowerCase() === ".json" ? "json" : "yaml",
  });
  return selectSlug({ ...compilation, reads: [...reads] }, source);
}

/** Narrows a file of several documents to the one that `FILE#slug` names. */
function selectSlug(compiled: Compiled, source: Source): Compiled | { readonly problem: string } {
  if (source.slug === undefined) return compiled;
  const chosen = compiled.slugs.find(({ slug }) => slug === source.slug);
  if (chosen)
    return {
      ...compiled,
      slugs: [chosen],
      connectors: compiled.connectors.filter(({ document }) => document === chosen.document),
      diagnostics: compiled.diagnostics.filter(({ document }) => document === chosen.document),
      suppressed: compiled.suppressed.filter(({ diagnostic }) => diagnostic.document === chosen.document),
    };
  // A file that could not be read as far as its slugs: its findings say more than we could.
  if (compiled.slugs.length === 0 && compiled.diagnostics.length > 0) return compiled;
  const slugs = compiled.slugs.map(({ slug }) => slug).join(", ");
  return {
    problem: `${source.name} has no connector with the slug ${source.slug}; it has ${slugs || "none"}`,
  };
}
