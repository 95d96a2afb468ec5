/** Makes the selected core as short as what a cut has settled allows. */
import type { ts as typescript } from "ts-morph";
import { folded } from "./fold.ts";
import { inlined } from "./inline.ts";
import { withShortSignatures } from "./signatures.ts";
import { withoutUnread, withoutUnused } from "./unused.ts";

/** The text of whole statements, without what `roots` do not lead to. */
export function simplified(text: string, roots: readonly string[], ts: typeof typescript): string {
  for (let before = ""; before !== text; ) {
    before = text;
    text = withoutUnread(inlined(folded(text, ts), ts), roots, ts);
    text = statementsOf(text, ts)
      .map((statement) => withoutUnused(statement, ts))
      .join("\n");
    text = withShortSignatures(text, ts);
  }
  return text;
}

function statementsOf(text: string, ts: typeof typescript): string[] {
  const source = ts.createSourceFile("core.js", text, ts.ScriptTarget.ES2022, true);
  return source.statements.map((statement) => text.slice(statement.getFullStart(), statement.end).trim());
}
