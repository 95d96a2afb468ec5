import type { Cursor } from "../../lower/cursor.ts";
import type { Rule } from "../rule.ts";

/** What the names of such headers say that they report. */
const kinds: readonly (readonly [key: string, form: RegExp])[] = [
  ["remaining", /remaining/i],
  ["reset", /reset/i],
];

export const limitCrossedHeaders: Rule = {
  id: "limit/crossed-headers",
  severity: "warning",
  summary: "A response header of a rate limit whose name says that it reports something else.",
  check: ({ declared }, report) => {
    for (const { at } of declared.limits) {
      const headers = at.at("response_headers");
      for (const key of ["limit", "remaining", "reset"]) {
        const name = nameIn(headers.at(key));
        const said = kinds.find(([, form]) => form.test(name.string() ?? ""))?.[0];
        if (said === undefined || said === key) continue;
        const other = nameIn(headers.at(said));
        report({
          path: name.path,
          message: `\`${name.string()}\` stands for \`${key}\`, and by its name it reports \`${said}\`.`,
          help: other.exists
            ? "Exchange the two names."
            : `Write the header that reports \`${key}\`, or put this one under \`${said}\`.`,
          related: other.exists ? [{ path: other.path, message: `stands for \`${said}\`` }] : [],
        });
        // The other one of two that were exchanged is the same mistake.
        break;
      }
    }
  },
};

function nameIn(at: Cursor): Cursor {
  return at.node?.kind === "map" ? at.at("header") : at;
}
