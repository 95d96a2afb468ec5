import { text } from "../arguments.ts";
import { type AuthorTool, pathArgument } from "../author-tool.ts";
import { compileDescriptor, verdictOf } from "../descriptor.ts";
import type { Workspace } from "../workspace.ts";

export function validateDescriptor(workspace: Workspace): AuthorTool {
  return {
    name: "validate_descriptor",
    title: "Check a descriptor",
    description:
      "Answers ok, errors (place: what is wrong), and findings with rule, line, column, help and, where only one mend is possible, fix.",
    effect: "reads",
    properties: { path: pathArgument },
    required: ["path"],
    run: async (given) => verdictOf(await compileDescriptor(workspace, text(given, "path"))),
  };
}
