/** From a place in the descriptor's words to lines and columns of both texts. */
import { type LineMap, lineMap } from "../read/lines.ts";
import { read, type TextFormat } from "../read/read.ts";
import { child, type Node, nodeAt, type Pointer, pointerText, spanOf, toValue } from "../read/tree.ts";
import { same } from "./canonical.ts";
import { type Member, plainWay, type Site, type Spot, type Way } from "./change.ts";

/** The text that a connector was compiled from. */
export interface DiffSource {
  readonly text: string;
  /** Index of the YAML document in its file. */
  readonly document?: number;
  readonly format?: TextFormat;
}

interface Side {
  readonly root: Node;
  readonly lines: LineMap;
}

export type Locate = (spot: Spot, show: "key" | "value") => { readonly old: Site; readonly new: Site };

/** Looks places up in the texts that are given; without a text, a place is its pointer alone. */
export function createLocator(sources: { readonly old?: DiffSource; readonly new?: DiffSource }): Locate {
  const old = sources.old && openSide(sources.old);
  const now = sources.new && openSide(sources.new);
  return (spot, show) => {
    const best = old && now ? telling(spot, old, now) : spot;
    return { old: site(best.old, show, old), new: site(best.new, show, now) };
  };
}

function openSide(source: DiffSource): Side | undefined {
  const { text, documents } = read(source.text, source.format ?? "yaml", () => () => {});
  const document = documents.find(({ index }) => index === (source.document ?? 0));
  return document && { root: document.root, lines: lineMap(text) };
}

/** The first candidate that differs between the texts, else the first that stands in either. */
function telling(spot: Spot, old: Side, now: Side): Spot {
  const candidates = [spot, ...spot.others];
  const nodes = candidates.map((one) => [wholeWay(one.old, old.root), wholeWay(one.new, now.root)] as const);
  const differs = nodes.findIndex(([a, b]) => (a || b) && !same(a && toValue(a), b && toValue(b)));
  const exists = nodes.findIndex(([a, b]) => a || b);
  return candidates[differs >= 0 ? differs : Math.max(0, exists)] ?? spot;
}

function site(way: Way, show: "key" | "value", side: Side | undefined): Site {
  if (!side) return { path: pointerText(plainWay(way)) };
  const path = follow(way, side.root);
  let there = path;
  while (there.length > 0 && !nodeAt(side.root, there)) there = there.slice(0, -1);
  // A map or list is shown by the key that names it: its value may be a hundred lines long. So is what is missing.
  const whole = there.length === path.length && nodeAt(side.root, there)?.kind === "scalar";
  return {
    path: pointerText(there),
    range: side.lines.range(spanOf(side.root, there, whole ? show : "missing")),
  };
}

/** The way with its members by their indexes, as far as they are found. */
function follow(way: Way, root: Node): Pointer {
  const path: (string | number)[] = [];
  for (const part of way) {
    const index = typeof part === "object" ? indexOf(nodeAt(root, path), part) : part;
    if (index === undefined) break;
    path.push(index);
  }
  return path;
}

function indexOf(list: Node | undefined, { key, is }: Member): number | undefined {
  if (list?.kind !== "list") return undefined;
  const index = list.items.findIndex((item) => {
    const value = child(item, key);
    return value?.kind === "scalar" && String(value.value) === is;
  });
  return index < 0 ? undefined : index;
}

function wholeWay(way: Way, root: Node): Node | undefined {
  const path = follow(way, root);
  return path.length === way.length ? nodeAt(root, path) : undefined;
}
