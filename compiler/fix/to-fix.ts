import type { Fix } from "../../schema/diagnostic.ts";
import type { Mend } from "../diagnostics.ts";
import type { LineMap } from "../read/lines.ts";
import type { Span } from "../read/tree.ts";
import { layOut } from "./layout.ts";

/**
 * A mend by line and column; undefined where it is not certain after all: the layout leaves a doubt, or it would
 * edit what an alias repeats elsewhere, where it may mean something else.
 */
export function toFix(
  mend: Mend,
  text: string,
  lines: LineMap,
  isRepeated: (span: Span) => boolean,
): Fix | undefined {
  const edits = layOut(mend, text);
  if (!edits || edits.some(({ span }) => isRepeated(span))) return undefined;
  return {
    title: mend.title,
    edits: edits.map((edit) => ({ text: edit.text, range: lines.range(edit.span) })),
  };
}
