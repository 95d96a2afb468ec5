import { allPageParameters, pagings, takesStructure } from "../paging.ts";
import type { Rule } from "../rule.ts";
import { answersOf } from "../shape/answer.ts";
import { createPagingPaths } from "../shape/paging-paths.ts";
import { type Shape, shapeAt } from "../shape/shape.ts";
import { nounOf } from "../shape/words.ts";

export const paginationPathType: Rule = {
  id: "pagination/path-type",
  severity: "error",
  summary: "A path that paging reads and that, by the `response_schema`, leads to a value of the wrong type.",
  check: (model, report) => {
    const answers = answersOf(model);
    const pagingPaths = createPagingPaths();
    const { reader } = answers;
    for (const paging of pagings(model)) {
      const { at, operation } = paging;
      const answer = answers.of(operation);
      if (!answer) continue;
      const structured = allPageParameters(paging).some((parameter) => takesStructure(paging, parameter));
      for (const { at: path, known, inRecord, serves, otherwise, isCursor } of pagingPaths(at)) {
        if (!known.whole || !serves || !otherwise || (isCursor && structured)) continue;
        const shape = shapeAt(reader, inRecord ? answer.record : answer.whole, known.steps);
        // What is always null is no cursor either, and that is how the last page looks.
        if (
          shape.kind !== "found" ||
          [...shape.types].some((type) => serves.includes(type) || type === "null")
        )
          continue;
        report({
          path: path.path,
          severity: otherwise.severity,
          message: `By the \`response_schema\`, \`${path.string()}\` is ${nounOf(shape.types)}; ${otherwise.what}.`,
          label: `leads to ${nounOf(shape.types)}`,
          help: "Mend the path, or the schema.",
          related: typeSpan(shape),
        });
      }
    }
  },
};

function typeSpan(
  shape: Extract<Shape, { kind: "found" }>,
): { path: readonly (string | number)[]; message: string }[] {
  const place = shape.alternatives
    .flatMap(({ places }) => places)
    .find(({ schema, path }) => path && typeof schema === "object" && schema.type !== undefined);
  return place?.path ? [{ path: [...place.path, "type"], message: "its type" }] : [];
}
