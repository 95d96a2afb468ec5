/** Any YAML: what is plain by our own reader, the rest by the parser of the whole language, within bounds. */
import type { Finding, Report } from "../diagnostics.ts";
import { isCostly } from "./cost.ts";
import { readPlain } from "./plain/reader.ts";
import { readYaml, type YamlDocument } from "./yaml.ts";

/** The documents of a text. `report` hears of each document's findings by its index. */
export function readYamlText(text: string, report: (document: number) => Report): readonly YamlDocument[] {
  const plain = readPlain(text, report);
  if (typeof plain !== "number") return plain.map(({ root }) => ({ root, empty: root === undefined }));
  if (!isCostly(text)) return readYaml(text, report);
  report(0)(
    slipAt(text, plain) ?? {
      rule: "file/too-large",
      path: [],
      span: { start: plain, end: Math.min(plain + 1, text.length) },
      message: "This file is too large for the rarer forms of YAML, one of which stands here.",
      help: "In files of this size write plain keys, lists and texts of one line, without anchors and tags; or split it.",
    },
  );
  return [{ root: undefined, empty: false }];
}

/** What the parser says of a text that ends a little after the place that is not plain, if that is a mistake. */
function slipAt(text: string, at: number): Finding | undefined {
  const end = text.indexOf("\n", at);
  const beginning = text.slice(0, end < 0 || end > at + 2000 ? at + 2000 : end);
  if (isCostly(beginning)) return undefined;
  const found: Finding[] = [];
  readYaml(beginning, () => (finding) => found.push(finding));
  return found.find(({ rule }) => rule === "yaml/syntax" || rule === "yaml/too-deep");
}
