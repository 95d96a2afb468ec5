/** What a name that refers to nothing probably means: the near name, where it is declared, and how to write it. */
import { closest, list, nearestFirst, sameButForStyle } from "../../schema/language/spelling.ts";
import type { Finding } from "../diagnostics.ts";
import type { Cursor } from "../lower/cursor.ts";
import { entry, type Pointer, type Span } from "../read/tree.ts";
import { asWritten, inStyle } from "../validate/words.ts";

/** A name that a reference could mean, and where it is declared. */
export interface Candidate {
  readonly name: string;
  readonly path?: Pointer;
  readonly at?: "key" | "value";
  /** The name is one of the language's: the author cannot have misspelt it. */
  readonly fixed?: boolean;
}

/** Where a reference is written: as a value, or as a key of a map. */
export type Written = { readonly value: Cursor } | { readonly key: string; readonly in: Cursor };

type Advice = Pick<Finding, "replace" | "fix" | "related" | "misses"> & { readonly help: string };

/**
 * The near name with its declaration; where none is near, what there is, the nearest first (`otherwise` makes a
 * sentence of the list, which is empty where there is nothing).
 */
export function adviseName(
  name: string,
  written: Written,
  candidates: readonly Candidate[],
  otherwise: (shown: string) => string,
): Advice {
  const known = namesOf(candidates);
  const meant = closest(name, known);
  if (meant === undefined)
    return { help: otherwise(known.length === 0 ? "" : list(nearestFirst(name, known))) };
  const found = candidates.find((one) => one.name === meant && one.path);
  const place = replacement(name, meant, written);
  const isCertain = place && sameButForStyle(name, known) === meant;
  return {
    help: `Did you mean \`${meant}\`?`,
    ...(place ? { replace: place.text } : {}),
    ...(isCertain ? { fix: { title: `Write \`${meant}\` for \`${name}\``, edits: [place] } } : {}),
    ...(found?.path
      ? {
          ...(found.fixed
            ? {}
            : { misses: { name, meant, declared: found.path, at: found.at ?? ("value" as const) } }),
          related: [
            {
              path: found.path,
              at: found.at ?? ("value" as const),
              message: `\`${meant}\` is declared here`,
            },
          ],
        }
      : {}),
  };
}

/** A rule asks about one list of candidates for each name that it finds at fault. */
const named = new WeakMap<readonly Candidate[], readonly string[]>();

function namesOf(candidates: readonly Candidate[]): readonly string[] {
  let names = named.get(candidates);
  if (!names) {
    names = [...new Set(candidates.map((one) => one.name))];
    named.set(candidates, names);
  }
  return names;
}

function replacement(
  name: string,
  meant: string,
  written: Written,
): { readonly span: Span; readonly text: string } | undefined {
  if ("key" in written) {
    const span = entry(written.in.node, written.key)?.keySpan;
    return span && { span, text: asWritten(meant, name, span) };
  }
  const node = written.value.scalar;
  return node && node.style !== "block" ? { span: node.span, text: inStyle(meant, node) } : undefined;
}
