/** A parameter that gets another name in the descriptor keeps its name on the wire. */
import type { DeclaredParameter } from "../lower/declared.ts";
import { child, pointerText } from "../read/tree.ts";
import type { AnalyzedDocument } from "./analysis.ts";
import type { TextEdit } from "./rename.ts";
import { type NamedSymbol, occurrencesOf } from "./symbols.ts";
import { writtenName } from "./written-name.ts";

/** The `wire_name` that renaming makes necessary: none where one is given, or where a template places the value. */
export function wireNameEdits(
  text: string,
  document: AnalyzedDocument,
  group: readonly NamedSymbol[],
): readonly TextEdit[] {
  const parameters = document.model.declared.operations.flatMap((operation) => operation.parameters);
  const edits = group.flatMap((symbol) => {
    const parameter = parameters.find(({ at }) => pointerText(at.path) === pointerText(symbol.path));
    if (!parameter || !isSentByName(parameter)) return [];
    if (occurrencesOf(document.symbols(), [symbol]).some(({ use }) => use)) return [];
    return edit(text, parameter);
  });
  // A parameter that operations share by an alias is written once.
  return [...new Map(edits.map((one) => [one.span.start, one])).values()];
}

function isSentByName({ location, at }: DeclaredParameter): boolean {
  return location !== "path" && !at.has("wire_name") && !(location === "body" && at.has("body_path"));
}

/** Beside the name, in the style of the parameter's map. */
function edit(text: string, { name, at }: DeclaredParameter): readonly TextEdit[] {
  const given = child(at.node, "name");
  const entry = at.node?.kind === "map" ? at.node.entries.find(({ key }) => key === "name") : undefined;
  if (!given || !entry || !at.node) return [];
  const { end } = given.span;
  const value =
    text[given.span.start] === '"' ? `"${writtenName(name, "double")}"` : writtenName(name, "plain");
  if (text[at.node.span.start] === "{") {
    const key = text[entry.keySpan.start] === '"' ? '"wire_name"' : "wire_name";
    return [{ span: { start: end, end }, text: `, ${key}: ${value}` }];
  }
  const lineStart =
    Math.max(
      text.lastIndexOf("\n", entry.keySpan.start - 1),
      text.lastIndexOf("\r", entry.keySpan.start - 1),
    ) + 1;
  const column = entry.keySpan.start - lineStart;
  const lineBreak = text.includes("\r\n") ? "\r\n" : "\n";
  // In front of the name's own line break, and so behind a comment on that line.
  const rest = /^[^\r\n]*/.exec(text.slice(end, end + 10_000))?.[0].length ?? 0;
  return [
    {
      span: { start: end + rest, end: end + rest },
      text: `${lineBreak}${" ".repeat(column)}wire_name: ${value}`,
    },
  ];
}
