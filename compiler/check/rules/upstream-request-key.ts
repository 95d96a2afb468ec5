import { list } from "../../../schema/language/spelling.ts";
import type { Cursor } from "../../lower/cursor.ts";
import type { Rule } from "../rule.ts";

/** What the protocol says itself, or what no answer of a tool has. */
const ofRequests = [
  "endpoint",
  "method",
  "query",
  "body",
  "content_type",
  "pagination",
  "idempotency",
] as const;

export const upstreamRequestKey: Rule = {
  id: "upstream/request-key",
  severity: "error",
  summary: "A part of an HTTP request in an operation that calls a tool of an MCP server.",
  check: ({ declared: { root, operations } }, report) => {
    const isLocal = root.at("mcp_upstream").at("type").string() === "stdio";
    const keys: readonly string[] = isLocal ? [...ofRequests, "headers"] : ofRequests;
    for (const { at } of operations) {
      if (!at.has("tool")) continue;
      for (const key of keys) if (at.has(key)) tell(at, key);
      const type = at.at("response").at("type");
      if (type.exists && type.string() !== "json") tell(at.at("response"), "type");
    }

    function tell(at: Cursor, key: string): void {
      report({
        path: at.at(key).path,
        at: "key",
        message: `\`${key}\` means nothing to a tool: the protocol says how it is called, and what an answer is.`,
        label: "of no use here",
        help:
          key === "endpoint"
            ? "Remove it. The server is where `mcp_upstream` and `base_url` say."
            : `Remove it. A call is made of the tool's arguments, which are parameters; ${list(["retry", "errors", "timeout_ms"])} apply as ever.`,
      });
    }
  },
};
