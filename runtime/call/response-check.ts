import type { Warning } from "../connection/connection.ts";
import { ConnectorError } from "../errors.ts";
import type { Exchanged } from "./call.ts";
import type { OperationPlan } from "./operation-plan.ts";

/** Holds an answer against the operation's response schema: warnings, or `response_invalid` where the mode is strict. */
export function checkResponse(
  plan: OperationPlan,
  { data, answer, ignored, requestId }: Exchanged,
): Warning[] {
  // The schema tells of successes, not of what an `errors` rule lets pass.
  const issues = ignored ? [] : (plan.schemaCheck?.(data) ?? []);
  const [first] = issues;
  if (!first) return [];
  if (plan.schemaMode === "strict") {
    throw new ConnectorError({
      code: "response_invalid",
      phase: "response",
      message: `the answer does not fit \`response_schema\` at ${first.path || "its root"}: ${first.message}. Mend the schema in the descriptor, or set \`schemaCheck\` to "warn".`,
      status: answer.status,
      details: { issues },
      ...(requestId === undefined ? {} : { requestId }),
    });
  }
  return issues.map(({ path, message }) => ({
    code: "schema",
    path,
    message: `the answer does not fit \`response_schema\` at ${path || "its root"}: ${message}`,
  }));
}
