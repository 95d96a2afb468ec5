import { flag, text } from "../arguments.ts";
import { type AuthorTool, pathArgument } from "../author-tool.ts";
import { compileAs, maxDescriptorBytes, verdictOf } from "../descriptor.ts";
import { refusal } from "../refuse.ts";
import type { Workspace } from "../workspace.ts";

export function createDescriptor(workspace: Workspace): AuthorTool {
  return {
    name: "create_descriptor",
    title: "Write a descriptor",
    description:
      "Writes a connector descriptor (YAML or JSON) into the folder and says what is wrong with it, as validate_descriptor does. It is written even where it has errors.",
    effect: "writes",
    properties: {
      path: pathArgument,
      text: { type: "string", description: "The whole descriptor." },
      overwrite: { type: "boolean", description: "Replace a file that stands there. Default: false." },
    },
    required: ["path", "text"],
    run: async (given) => {
      const path = text(given, "path");
      const content = text(given, "text");
      if (!/\.(?:ya?ml|json)$/.test(path))
        throw refusal("A descriptor ends in .yaml, .yml or .json.", "path");
      if (Buffer.byteLength(content) > maxDescriptorBytes)
        throw refusal(`A descriptor has at most ${maxDescriptorBytes} bytes.`, "text");
      workspace.write(path, content, flag(given, "overwrite"));
      return { path, ...verdictOf(await compileAs(content, workspace, path)) };
    },
  };
}
