import { pointerText, spanOf } from "../read/tree.ts";
import type { Fault, Telling } from "./outcome.ts";
import { titleOf } from "./place.ts";
import { quoted } from "./words.ts";

/** One finding for each map that lacks required keys, naming all of them. */
export function tellMissingKeys(all: readonly Fault[], telling: Telling): void {
  const byMap = new Map<string, { readonly fault: Fault; readonly keys: string[] }>();
  for (const fault of all) {
    const key = fault.params.missingProperty;
    if (fault.keyword !== "required" || typeof key !== "string") continue;
    const pointer = pointerText(fault.to);
    const seen = byMap.get(pointer);
    if (!seen) byMap.set(pointer, { fault, keys: [key] });
    else if (!seen.keys.includes(key)) seen.keys.push(key);
  }
  for (const { fault, keys } of byMap.values()) tellOne(fault, keys, telling);
}

function tellOne({ to, shape }: Fault, keys: readonly string[], telling: Telling): void {
  for (const key of keys) telling.broken.add(pointerText([...to, key]));
  const path = telling.original(to);
  telling.report({
    rule: "structure/missing-key",
    path,
    at: "missing",
    span: spanOf(telling.source, path, "missing"),
    message: `The ${shape ? titleOf(shape) : "map"} lacks ${quoted(keys, "and")}, which ${keys.length > 1 ? "are" : "is"} required.`,
    help: `Add ${quoted(keys, "and")}.`,
  });
}
