/** Mends as edits of one text: entries that move, go or sink a level take their comments and keep the layout. */
import type { LayoutEdit, Mend, TextEdit } from "../diagnostics.ts";
import type { Entry, ListNode, MapNode } from "../read/tree.ts";
import { indentLines, liftBlock, liftItem, putInBlock } from "./block.ts";
import { liftFlow, liftFlowItem, putInFlow } from "./flow.ts";
import { isFlow } from "./lines.ts";

/** An entry out of its place: what is taken away there, and what it says. */
export interface Lifted {
  readonly remove: TextEdit["span"];
  /** Key and value as written; of a block entry its whole lines, comments above and behind included. */
  readonly text: string;
  /** Column of the key. */
  readonly indent: number;
}

/** The text edits of a mend, in order; undefined where the layout leaves a doubt, so that nothing is certain. */
export function layOut(mend: Mend, text: string): readonly TextEdit[] | undefined {
  const edits: TextEdit[] = [];
  for (const edit of mend.edits) {
    const laidOut = "kind" in edit ? layOutOne(edit, text) : [edit];
    if (!laidOut) return undefined;
    edits.push(...laidOut);
  }
  edits.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  const overlaps = edits.some(({ span }, index) => span.start < (edits[index - 1]?.span.end ?? 0));
  return overlaps ? undefined : edits;
}

function layOutOne(edit: LayoutEdit, text: string): readonly TextEdit[] | undefined {
  switch (edit.kind) {
    case "remove-entry":
      return removal(lift(edit.entry, edit.from, text));
    case "remove-item":
      return removal(
        isFlow(text, edit.from) ? liftFlowItem(edit.from, edit.index, text) : liftBlockItem(edit, text),
      );
    case "move-entry":
      return move(edit, text);
    case "indent-entries":
      return indentLines(edit.first, edit.last, text);
  }
}

function lift(entry: Entry, from: MapNode, text: string): Lifted | undefined {
  return isFlow(text, from) ? liftFlow(entry, from, text) : liftBlock(entry, from, text);
}

function liftBlockItem({ from, index }: { from: ListNode; index: number }, text: string): Lifted | undefined {
  const item = from.items[index];
  const before = from.items[index - 1];
  return item && before ? liftItem(item, before, text) : undefined;
}

function removal(lifted: Lifted | undefined): readonly TextEdit[] | undefined {
  return lifted && [{ span: lifted.remove, text: "" }];
}

function move(
  edit: Extract<LayoutEdit, { kind: "move-entry" }>,
  text: string,
): readonly TextEdit[] | undefined {
  const { entry, from, into, after = into.entries.at(-1) } = edit;
  const lifted = lift(entry, from, text);
  // An anchor must stay before its aliases; a tag is no part of the value's own text.
  if (!lifted || !after || /(?:^|[\s[{,:-])[&*!]/.test(lifted.text)) return undefined;
  const wasFlow = isFlow(text, from);
  const put = isFlow(text, into)
    ? putInFlow(entry, lifted, { into, after, wasFlow }, text)
    : putInBlock(entry, lifted, { into, after, wasFlow }, text);
  return put && [{ span: lifted.remove, text: "" }, put];
}
