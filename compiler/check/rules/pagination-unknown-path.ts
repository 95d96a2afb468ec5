import type { Finding } from "../../diagnostics.ts";
import { pagings } from "../paging.ts";
import type { Rule } from "../rule.ts";
import { type Answer, answersOf, recordsPath } from "../shape/answer.ts";
import { missingFinding } from "../shape/missing.ts";
import { createPagingPaths } from "../shape/paging-paths.ts";
import { shapeAt } from "../shape/shape.ts";
import { hasBrokenRecords } from "./pagination-records-path.ts";

export const paginationUnknownPath: Rule = {
  id: "pagination/unknown-path",
  severity: "warning",
  summary: "A path that paging reads and that the `response_schema` has nothing for.",
  check: (model, report) => {
    const answers = answersOf(model);
    const pagingPaths = createPagingPaths();
    const { reader } = answers;
    for (const { at, operation, inherited } of pagings(model)) {
      // Defaults serve operations of other shapes as well: only a listing shows that they are wrong.
      if (inherited && recordsPath(operation.at) === undefined) continue;
      const answer = answers.of(operation);
      if (!answer) continue;
      for (const path of pagingPaths(at)) {
        const shape = shapeAt(reader, path.inRecord ? answer.record : answer.whole, path.known.steps);
        // What `records_path` itself does not find, or what it leads to in place of a list, is told there.
        if (
          path.inRecord &&
          (isAstray(answer, recordsPath(operation.at)) || hasBrokenRecords(model, operation))
        )
          continue;
        if (shape.kind === "undeclared" || shape.kind === "absent")
          report(
            inherited
              ? warn(missingFinding(path.at, shape, path.inRecord))
              : missingFinding(path.at, shape, path.inRecord),
          );
      }
    }
  },
};

function isAstray({ records, singular }: Answer, path: string | undefined): boolean {
  if (records.kind === "absent" || records.kind === "undeclared") return true;
  if (records.kind !== "found" || !singular || records.types.has("array")) return false;
  return path === undefined || !records.types.has("object");
}

function warn({ severity: _, ...finding }: Omit<Finding, "rule">): Omit<Finding, "rule"> {
  return finding;
}
