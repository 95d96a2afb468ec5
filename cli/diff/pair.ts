/** Which old connector belongs to which new one, and what became of each. */

import type { Change } from "../../compiler/diff/change.ts";
import { type ConnectorDiff, diffConnectors, loneChange } from "../../compiler/diff/diff.ts";
import type { Connector } from "../../schema/ir.ts";
import type { Side, SideFile } from "./side.ts";

export interface Place {
  readonly file: SideFile;
  readonly document: number;
  readonly ir: Connector;
}

/** One connector on both sides, or on one alone. */
export interface Compared {
  readonly slug: string;
  readonly old?: Place;
  readonly new?: Place;
  readonly changes: readonly Change[];
  /** Absent where there is nothing to compare. */
  readonly version?: ConnectorDiff["version"];
  readonly floor?: ConnectorDiff["floor"];
}

/** Pairs by slug; where each side is one connector, these two, whatever they are called. */
export function compareSides(old: Side, now: Side): readonly Compared[] {
  const [before, after] = [places(old), places(now)];
  const [one, other] = [before[0], after[0]];
  if (one && other && before.length === 1 && after.length === 1) return [compareTwo(one, other)];
  const slugs = [...new Set([...after, ...before].map(({ ir }) => ir.slug))].sort();
  return slugs.map((slug) => {
    const was = before.find(({ ir }) => ir.slug === slug);
    const is = after.find(({ ir }) => ir.slug === slug);
    if (was && is) return compareTwo(was, is);
    const change = loneChange(is ? "diff/connector-added" : "diff/connector-removed");
    return {
      slug,
      ...(was ? { old: was } : {}),
      ...(is ? { new: is } : {}),
      changes: [change],
      floor: change.level,
    };
  });
}

function compareTwo(old: Place, now: Place): Compared {
  const { slug, changes, version, floor } = diffConnectors(old.ir, now.ir, {
    old: { text: old.file.text, document: old.document, format: old.file.format },
    new: { text: now.file.text, document: now.document, format: now.file.format },
  });
  return { slug, old, new: now, changes, version, ...(floor ? { floor } : {}) };
}

function places({ files }: Side): readonly Place[] {
  return files.flatMap((file) => file.connectors.map(({ ir, document }) => ({ file, document, ir })));
}

/** Where OLD holds several connectors and NEW names one by its slug, the others are not gone. */
export function narrowTo(old: Side, now: Side): Side {
  const wanted = places(now);
  if (!now.single || wanted.length !== 1 || places(old).length <= 1) return old;
  const slug = wanted[0]?.ir.slug;
  const files = old.files.map((file) => ({
    ...file,
    connectors: file.connectors.filter(({ ir }) => ir.slug === slug),
  }));
  return files.some(({ connectors }) => connectors.length > 0) ? { ...old, files } : old;
}
