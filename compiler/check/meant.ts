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
  const { names: known, guess } = guesserOf(candidates);
  const meant = guess(name);
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

/** The names of a list of candidates, and which of them is near to a word. */
interface Guesser {
  readonly names: readonly string[];
  readonly guess: (name: string) => string | undefined;
}

/** A rule asks about one list of candidates for each name that it finds at fault. */
const guessers = new WeakMap<readonly Candidate[], Guesser>();

/**
 * Words compared in vain with names of one list, after which no more are: a hundred words beside a thousand names.
 * Where so many are near to nothing, they are no slips, and each costs as much as the whole list.
 */
const mostInVain = 100_000;

function guesserOf(candidates: readonly Candidate[]): Guesser {
  const known = guessers.get(candidates);
  if (known) return known;
  const names = [...new Set(candidates.map((one) => one.name))];
  let inVain = 0;
  const guess = (name: string): string | undefined => {
    if (inVain >= mostInVain) return undefined;
    const meant = closest(name, names);
    if (meant === undefined) inVain += names.length;
    return meant;
  };
  const made = { names, guess };
  guessers.set(candidates, made);
  return made;
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
