import type { Model } from "../lower/lower.ts";
import { declareSymbols } from "./declared-symbols.ts";
import { plainOccurrences } from "./plain-references.ts";
import type { Occurrence, SymbolIndex } from "./symbols.ts";
import { templateOccurrences } from "./template-names.ts";

/** Every name of a descriptor and every place that writes it, in source order. */
export function indexSymbols({ lowering }: Model): SymbolIndex {
  const table = declareSymbols(lowering);
  const found = [
    ...templateOccurrences(lowering, table),
    ...plainOccurrences(lowering, table),
    ...table.occurrences,
  ];
  const occurrences = united(found).sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  return { symbols: table.symbols, occurrences };
}

/** A text that is read for several profiles or operations is one place with the symbols of all. */
function united(found: readonly Occurrence[]): Occurrence[] {
  const byPlace = new Map<string, Occurrence>();
  for (const one of found) {
    const key = `${one.span.start} ${one.span.end}`;
    const known = byPlace.get(key);
    byPlace.set(key, known ? unite(known, one) : one);
  }
  return [...byPlace.values()];
}

function unite(known: Occurrence, one: Occurrence): Occurrence {
  if (one.symbols.every((symbol) => known.symbols.includes(symbol)) && (known.use || !one.use)) {
    return one.role === "declaration" ? { ...known, role: "declaration" } : known;
  }
  return {
    ...known,
    ...(one.role === "declaration" ? { role: one.role } : {}),
    ...(known.use || !one.use ? {} : { use: one.use }),
    symbols: [...new Set([...known.symbols, ...one.symbols])],
    exact: known.exact && one.exact,
  };
}
