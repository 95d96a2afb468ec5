import { text, wholeNumber } from "../arguments.ts";
import { type AuthorTool, pathArgument } from "../author-tool.ts";
import { maxDescriptorBytes } from "../descriptor.ts";
import type { Workspace } from "../workspace.ts";

/** Characters of one answer. */
const mostCharacters = 32_768;

export function readDescriptor(workspace: Workspace): AuthorTool {
  return {
    name: "read_descriptor",
    title: "Read a file of the folder",
    description: `Answers the text of a descriptor or of a file that was made, ${mostCharacters} characters at a time; next_offset reads on.`,
    effect: "reads",
    properties: {
      path: pathArgument,
      offset: { type: "integer", minimum: 0, description: "next_offset of an earlier answer." },
    },
    required: ["path"],
    run: async (given) => {
      const whole = workspace.read(text(given, "path"), maxDescriptorBytes).toString("utf8");
      const start = wholeNumber(given, "offset");
      const end = start + mostCharacters;
      return { text: whole.slice(start, end), ...(end < whole.length ? { next_offset: end } : {}) };
    },
  };
}
