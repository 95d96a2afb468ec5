import type { Source } from "../find/sources.ts";
import type { World } from "../world.ts";
import { type Checked, checkFile } from "./check-file.ts";
import { workersFor } from "./pool-size.ts";
import type { Settings } from "./settings.ts";

export type { Checked } from "./check-file.ts";

/** Reads and judges sources; the answers come in the order of the sources, one for each. */
export async function* checkFiles(
  sources: readonly Source[],
  settings: Settings,
  world: World,
): AsyncIterable<Checked> {
  const workers = workersFor(sources, world);
  if (workers) {
    // Few runs need threads, and the others do not load them.
    const { checkInPool } = await import("./pool.ts");
    yield* checkInPool(sources, settings, world, workers);
  } else for (const source of sources) yield checkFile(source, settings.policyOf(source.name), world);
}
