import { closest } from "../../../schema/language/spelling.ts";
import type { Cursor } from "../../lower/cursor.ts";
import type { DeclaredParameter } from "../../lower/declared.ts";
import type { Pointer } from "../../read/tree.ts";
import { adviseName, type Candidate, type Written } from "../meant.ts";
import type { Rule } from "../rule.ts";
import { oddName } from "../wire-names.ts";

export const paginationParameter: Rule = {
  id: "pagination/parameter",
  severity: "warning",
  summary: "A paging parameter that is a slip away from a declared one, or no name at all.",
  check: ({ declared }, report) => {
    for (const operation of declared.operations) {
      const { parameters } = operation;
      if (operation.open || !operation.at.has("pagination")) continue;
      const candidates = parameters.flatMap(candidatesOf);
      const known = candidates.map((one) => one.name);
      for (const { name, path, at, written } of named(operation.at.at("pagination"))) {
        // A blank around a name was told of.
        if (known.includes(name.trim())) continue;
        const meant = closest(name, known);
        const odd = meant === undefined ? oddName(name) : undefined;
        if (odd) report({ path, at, ...odd });
        if (meant === undefined) continue;
        report({
          path,
          at,
          message: `No parameter is called \`${name}\`, so it is sent as a query parameter of its own beside \`${meant}\`.`,
          ...adviseName(name, written, candidates, () => "Declare it, or name a declared one."),
        });
      }
    }
  },
};

interface Named {
  readonly name: string;
  readonly path: Pointer;
  readonly at: "key" | "value";
  readonly written: Written;
}

/** The names of parameters in a pagination: values, and the keys of `more_cursors`. */
function named(paging: Cursor): Named[] {
  const beside = paging.at("more_cursors");
  return [
    ...["cursor_param", "offset_param", "page_param", "limit_param"].flatMap((key) => {
      const value = paging.at(key);
      const name = value.string();
      return name === undefined ? [] : [{ name, path: value.path, at: "value" as const, written: { value } }];
    }),
    ...beside
      .entries()
      .map(([name, { path }]) => ({ name, path, at: "key" as const, written: { key: name, in: beside } })),
  ];
}

/** A parameter by its name and by the name that it has on the wire. */
function candidatesOf({ name, at }: DeclaredParameter): Candidate[] {
  const wire = at.at("wire_name").string();
  return [
    { name, path: [...at.path, "name"] },
    ...(wire === undefined ? [] : [{ name: wire, path: [...at.path, "wire_name"] }]),
  ];
}
