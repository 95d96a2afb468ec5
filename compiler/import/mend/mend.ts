/**
 * The last word on a draft is the validator's: what it finds an error in goes, piece by piece, and is told. So one bad
 * schema, default or address costs itself and nothing else, whatever the source holds.
 */
import type { Diagnostic } from "../../../schema/diagnostic.ts";
import { compileText } from "../../compile.ts";
import type { Host } from "../../host.ts";
import type { ImportedFile } from "../import.ts";
import { type Draft, ImportFailure } from "../importer.ts";
import { removeAt } from "./remove.ts";
import { replaceAt } from "./replace.ts";

/** Each round removes all that one run of the validator finds; a removal may show another fault. */
const maxRounds = 8;

/** The files of the draft, once the validator finds no error in them. */
export async function mend(
  draft: Draft,
  render: () => readonly ImportedFile[],
): Promise<readonly ImportedFile[]> {
  for (let round = 0; round < maxRounds; round++) {
    const files = render();
    const errors = await errorsOf(files);
    if (errors.length === 0) return files;
    const places = new Map(errors.map((error) => [error.path, error]));
    // From the end: removing an entry of a list moves those behind it.
    const ordered = [...places.values()].sort((a, b) => comparePointers(b.path, a.path));
    for (const error of ordered) if (!replaceAt(draft, error)) removeAt(draft, error, round);
    if ((draft.descriptor.operations?.length ?? 0) === 0)
      throw new ImportFailure(`no operation can be carried over: ${errors[0]?.message ?? ""}`);
  }
  throw new ImportFailure(
    `the descriptor of ${draft.descriptor.metadata.slug} cannot be made valid; import a part of it with --select`,
  );
}

async function errorsOf(files: readonly ImportedFile[]): Promise<readonly Diagnostic[]> {
  const [main, ...beside] = files;
  const texts = new Map(beside.map(({ path, text }) => [path, text]));
  const host: Host = {
    readText: async (file) => {
      const text = texts.get(file);
      return text === undefined ? { problem: `there is no ${file}` } : { text };
    },
  };
  const { diagnostics } = await compileText(main?.text ?? "", {
    host,
    findingsOnly: true,
    format: main?.path.endsWith(".json") ? "json" : "yaml",
    policy: { preset: "minimal" },
  });
  return diagnostics.filter(({ severity }) => severity === "error");
}

/** By their parts, numbers as numbers, so that of two entries of a list the later one is the greater. */
function comparePointers(a: string, b: string): number {
  const left = a.split("/");
  const right = b.split("/");
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const [one = "", other = ""] = [left[index], right[index]];
    if (one === other) continue;
    return /^\d+$/.test(one) && /^\d+$/.test(other) ? Number(one) - Number(other) : one < other ? -1 : 1;
  }
  return left.length - right.length;
}
