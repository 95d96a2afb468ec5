import { cursorSources } from "../../lower/pagination.ts";
import type { Rule } from "../rule.ts";

export const paginationCursorSource: Rule = {
  id: "pagination/cursor-source",
  severity: "error",
  summary: "A cursor pagination that names no source of the next cursor, or two, or not where to send it.",
  check: ({ declared, lowering }, report) => {
    for (const at of [
      declared.root.at("defaults").at("pagination"),
      ...declared.operations.map((operation) => operation.at.at("pagination")),
    ]) {
      if (at.at("type").string() !== "cursor") continue;
      const given = at.entries().filter(([key]) => cursorSources.some((source) => source === key));
      const [first, second] = given;
      // What is missing may be what a dropped key meant.
      if (!second && lowering.lostKey(at.path)) continue;
      if (second && first) {
        report({
          path: second[1].path,
          at: "key",
          message: `\`${second[0]}\` and \`${first[0]}\` both say where the next cursor is.`,
          help: "Keep one of them.",
          related: [{ path: first[1].path, at: "key", message: "the first one" }],
        });
      } else if (!first && !cursorSources.some((key) => lowering.isBroken([...at.path, key]))) {
        report({
          path: at.path,
          at: "missing",
          message: "Nothing says where the next cursor is.",
          help: "Add one of `cursor_path`, `cursor_header`, `next_url_path` and `cursor_from_record`.",
        });
      } else if (
        first &&
        !at.has("cursor_param") &&
        first[0] !== "next_url_path" &&
        !lowering.isBroken([...at.path, "cursor_param"])
      ) {
        report({
          path: at.path,
          at: "missing",
          message: "Nothing sends the cursor: `cursor_param` is missing.",
          help: "Name the parameter that carries it: a declared one, or a wire name.",
        });
      }
    }
  },
};
