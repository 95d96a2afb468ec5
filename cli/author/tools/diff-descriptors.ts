import { diffConnectors } from "../../../compiler/index.ts";
import { text } from "../arguments.ts";
import { type AuthorTool, pathArgument } from "../author-tool.ts";
import { connectorOf } from "../descriptor.ts";
import type { Workspace } from "../workspace.ts";

/** Changes that one answer tells; the gravest come first. */
const mostChanges = 100;

export function diffDescriptors(workspace: Workspace): AuthorTool {
  return {
    name: "diff",
    title: "Compare two versions",
    description: "What changed between two descriptors, how grave it is, and which version it asks for.",
    effect: "reads",
    properties: {
      old: { ...pathArgument, description: "Path of the descriptor as it was." },
      new: { ...pathArgument, description: "Path of the descriptor as it is." },
    },
    required: ["old", "new"],
    run: async (given) => {
      const old = await connectorOf(workspace, text(given, "old"));
      const now = await connectorOf(workspace, text(given, "new"));
      const { changes, floor, version } = diffConnectors(old, now);
      return {
        floor: floor ?? "none",
        least_version: version.least,
        ...(version.problem === undefined ? {} : { problem: version.problem }),
        changes: changes.slice(0, mostChanges),
        ...(changes.length > mostChanges
          ? { note: `The first ${mostChanges} of ${changes.length} changes.` }
          : {}),
      };
    },
  };
}
