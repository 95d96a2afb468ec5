import type { Cursor } from "../../lower/cursor.ts";
import type { Rule } from "../rule.ts";

type Report = Parameters<Rule["check"]>[1];

const what: { readonly [type: string]: string } = { text: "text", binary: "bytes" };
const pagingKeys = ["cursor_path", "next_url_path", "has_more_path", "total_path"];

export const responseNoStructure: Rule = {
  id: "response/no-structure",
  severity: "error",
  summary: "A JSONPath into an answer that is text or bytes, or that has no body.",
  check: ({ declared }, report) => {
    for (const { steps } of declared.chains)
      for (const { at } of steps)
        if (isHead(at))
          for (const [, extract] of at.at("extract").entries())
            if (extract.string() !== undefined || extract.has("text")) tellHead(extract, at, report);
    for (const { at } of declared.operations) {
      if (isHead(at)) for (const path of paths(at)) tellHead(path, at, report);
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

function isHead(exchange: Cursor): boolean {
  return exchange.at("method").string() === "HEAD";
}

/** RFC 9110, section 9.3.2. */
function tellHead(path: Cursor, exchange: Cursor, report: Report): void {
  report({
    path: path.path,
    message: "This never finds anything: the answer to a HEAD request has no body.",
    help: "Use the method that the API has for it, or take the value from a header: `{ header: NAME }`.",
    related: [{ path: exchange.at("method").path, message: "the method" }],
  });
}

/** Paths below the whole answer. */
function paths(operation: Cursor): Cursor[] {
  return [
    operation.at("response").at("records_path"),
    ...pagingKeys.map((key) => operation.at("pagination").at(key)),
  ].filter((at) => (at.string() ?? "$").trim() !== "$");
}
