import { diffConnectors } from "../../../compiler/diff/diff.ts";
import { compile } from "../../../compiler/index.ts";
import type { Connector } from "../../../schema/ir.ts";
import { mutants } from "./mutations.ts";
import { irOf } from "./support.ts";

/** Mutants whose change is not told at all, and those of which only `diff/other` tells, one way or the other. */
export async function judgeMutants(
  descriptor: string,
  wanted: (index: number) => boolean,
): Promise<{ readonly silent: readonly string[]; readonly unnamed: readonly string[] }> {
  const old = await irOf(descriptor);
  const silent: string[] = [];
  const unnamed: string[] = [];
  let index = 0;
  let judged = 0;
  for (const { title, text } of mutants(descriptor)) {
    if (!wanted(index++)) continue;
    // Compiling leaves no turn to others: the runner would take the test for hanging.
    if (judged % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
    const { ir } = await compile(text());
    if (!ir || contentOf(ir) === contentOf(old)) continue;
    judged += 1;
    for (const [way, { changes }] of Object.entries({
      there: diffConnectors(old, ir),
      back: diffConnectors(ir, old),
    })) {
      if (changes.length === 0) silent.push(`${title} (${way})`);
      if (changes.some(({ rule }) => rule === "diff/other")) unnamed.push(`${title} (${way})`);
    }
  }
  if (judged < 10) throw new Error(`only ${judged} mutants were right: too few to say anything`);
  return { silent, unnamed };
}

/** All but the version; of a list of statuses the order means nothing. */
function contentOf(ir: Connector): string {
  return JSON.stringify({ ...ir, version: "", content_hash: "" }, (key, value) =>
    key.endsWith("status") && Array.isArray(value)
      ? [...value].sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)))
      : value,
  );
}
