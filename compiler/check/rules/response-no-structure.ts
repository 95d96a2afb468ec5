import type { Cursor } from "../../lower/cursor.ts";
import type { Rule } from "../rule.ts";

const what: { readonly [type: string]: string } = { text: "text", binary: "bytes" };
const pagingKeys = ["cursor_path", "next_url_path", "has_more_path", "total_path"];

export const responseNoStructure: Rule = {
  id: "response/no-structure",
  severity: "error",
  summary: "A JSONPath into an answer that is text or bytes.",
  check: ({ declared }, report) => {
    for (const { at } of declared.operations) {
      const type = at.at("response").at("type");
      const noun = what[type.string() ?? ""];
      if (noun === undefined) continue;
      for (const path of paths(at))
        report({
          path: path.path,
          message: `\`${path.string()}\` never finds anything: the answer is read as ${noun}.`,
          help: "Say how the answer is to be decoded, such as `type: json`, or remove the path.",
          related: [{ path: type.path, message: `${noun} by this` }],
        });
    }
  },
};

/** Paths below the whole answer. */
function paths(operation: Cursor): Cursor[] {
  return [
    operation.at("response").at("records_path"),
    ...pagingKeys.map((key) => operation.at("pagination").at(key)),
  ].filter((at) => (at.string() ?? "$").trim() !== "$");
}
