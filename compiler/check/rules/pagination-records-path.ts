import { list } from "../../../schema/language/spelling.ts";
import type { DeclaredOperation } from "../../lower/declared.ts";
import type { Model } from "../../lower/lower.ts";
import { pagings } from "../paging.ts";
import type { Rule } from "../rule.ts";
import { answersOf, recordsPath } from "../shape/answer.ts";
import { keywords, type SchemaReader } from "../shape/schema-place.ts";
import { type Shape, shapeAt } from "../shape/shape.ts";

type Found = Extract<Shape, { kind: "found" }>;

export const paginationRecordsPath: Rule = {
  id: "pagination/records-path",
  severity: "warning",
  summary: "Pages whose answer is a map, without a `records_path` that says where the records are.",
  check: (model, report) => {
    const answers = answersOf(model);
    const { reader } = answers;
    for (const { at, operation, inherited } of pagings(model)) {
      if (inherited || recordsPath(operation.at) !== undefined) continue;
      if (hasBrokenRecords(model, operation)) continue;
      const whole = answers.of(operation)?.whole;
      if (whole?.kind !== "found" || whole.types.has("array") || !whole.types.has("object")) continue;
      const lists = listsIn(reader, whole);
      report({
        path: at.path,
        at: "key",
        message:
          "Each page would count as one record: the answer is a map, and nothing says where its records are.",
        help:
          lists.length > 1
            ? `Say where by \`records_path\` of \`response\`: ${list(lists)} are lists.`
            : `Say where, such as \`response: { records_path: "$.${lists[0] ?? "items"}" }\`.`,
      });
    }
  },
};

/** What says where the records are was found at fault, or a key beside it that may have meant to. */
export function hasBrokenRecords({ lowering }: Model, { at }: DeclaredOperation): boolean {
  const response = [...at.path, "response"];
  const isGone = !at.has("response") && (lowering.isStray("response") || lowering.lostKey(at.path));
  return (
    isGone ||
    lowering.isBroken(response) ||
    lowering.lostKey(response) ||
    lowering.isBroken([...response, "records_path"])
  );
}

/** The properties of the answer that are lists. */
function listsIn(reader: SchemaReader, whole: Found): string[] {
  const names = whole.alternatives.flatMap(({ places }) =>
    places.flatMap((place) => Object.keys(keywords(place).properties ?? {})),
  );
  return [...new Set(names)].slice(0, 50).filter((name) => {
    const shape = shapeAt(reader, whole, [name]);
    return shape.kind === "found" && shape.types.has("array") && !shape.types.has("object");
  });
}
