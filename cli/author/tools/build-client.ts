import { flag, text } from "../arguments.ts";
import { type AuthorTool, pathArgument } from "../author-tool.ts";
import { connectorOf } from "../descriptor.ts";
import { refusal } from "../refuse.ts";
import type { Workspace } from "../workspace.ts";

/** Problems of types that one answer tells. */
const mostProblems = 20;

export function buildClient(workspace: Workspace): AuthorTool {
  return {
    name: "build_client",
    title: "Build a typed client",
    description:
      "Builds a TypeScript client that needs no package into <folder>/<slug>/, once the compiler of TypeScript has found its types right.",
    effect: "writes",
    properties: {
      path: pathArgument,
      folder: { type: "string", description: "Folder for what is made." },
      overwrite: { type: "boolean", description: "Replace files that stand there. Default: false." },
    },
    required: ["path", "folder"],
    run: async (given) => {
      const folder = text(given, "folder");
      const ir = await connectorOf(workspace, text(given, "path"));
      const { modes } = await import("../../../compiler/emit/targets.ts");
      const { typeProblems } = await import("../../../compiler/emit/typescript/type-check.ts");
      try {
        const files = (await modes.standalone?.(ir)) ?? [];
        const problems = await typeProblems(files);
        if (problems.length > 0)
          throw refusal(`The client has wrong types: ${problems.slice(0, mostProblems).join("; ")}.`, "path");
        const made = files.map((file) => ({ path: `${folder}/${file.path}`, text: file.text }));
        for (const file of made) workspace.write(file.path, file.text, flag(given, "overwrite"));
        return { type_checked: true, files: made.map(({ path }) => path) };
      } catch (error) {
        throw error instanceof Error && error.name === "EmitRefusal" ? refusal(error.message, "path") : error;
      }
    },
  };
}
