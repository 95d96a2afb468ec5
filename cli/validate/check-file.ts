import type { Policy } from "../../compiler/policy.ts";
import { compileSource } from "../compile-source.ts";
import type { Source } from "../find/sources.ts";
import type { FileReport } from "../report/reporter.ts";
import type { World } from "../world.ts";

/** What became of one source: its findings, or a sentence that says why there are none. Plain data. */
export type Checked = FileReport | { readonly problem: string };

/** Reads and judges one source. */
export async function checkFile(
  source: Source,
  policy: Policy,
  world: Pick<World, "cwd" | "readStdin" | "limitHeap">,
): Promise<Checked> {
  const compiled = await compileSource(source, world, policy, { findingsOnly: true });
  if ("problem" in compiled) return compiled;
  const { text, diagnostics, suppressed, reads } = compiled;
  return { name: source.name, text, diagnostics, suppressed, reads };
}
