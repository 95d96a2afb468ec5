import { importDocument } from "../../../compiler/import/import.ts";
import { ImportFailure } from "../../../compiler/import/importer.ts";
import { flag, text, texts } from "../arguments.ts";
import { type AuthorTool, pathArgument } from "../author-tool.ts";
import { refusal } from "../refuse.ts";
import type { Workspace } from "../workspace.ts";

/** Bytes of a document, and of each file that it refers to. */
const maxDocumentBytes = 16 * 1024 * 1024;
/** Notes that one answer tells. */
const mostNotes = 100;

export function importOpenApi(workspace: Workspace): AuthorTool {
  return {
    name: "import_openapi",
    title: "Import an OpenAPI document",
    description:
      "Turns an OpenAPI or Swagger document of the folder into <folder>/<slug>/connector.yaml, and says what was not carried over.",
    effect: "writes",
    properties: {
      path: { ...pathArgument, description: "Path of the document in the folder." },
      folder: { type: "string", description: "Folder for what is made." },
      select: {
        type: "array",
        items: { type: "string" },
        description: "Globs over tags, operations and paths. Default: all.",
      },
      mcp: {
        type: "array",
        items: { type: "string" },
        description: "Globs over tags and operations that become MCP tools. Default: none.",
      },
      overwrite: { type: "boolean", description: "Replace files that stand there. Default: false." },
    },
    required: ["path", "folder"],
    run: async (given) => {
      const path = text(given, "path");
      const folder = text(given, "folder");
      try {
        const { connectors } = await importDocument({
          format: "openapi",
          name: path,
          bytes: workspace.read(path, maxDocumentBytes),
          select: texts(given, "select"),
          mcp: texts(given, "mcp"),
          host: workspace.host(path, maxDocumentBytes),
        });
        const made = connectors.flatMap(({ slug, files }) =>
          files.map((file) => ({ path: `${folder}/${slug}/${file.path}`, text: file.text })),
        );
        for (const file of made) workspace.write(file.path, file.text, flag(given, "overwrite"));
        return {
          files: made.map((file) => file.path),
          connectors: connectors.map(({ slug, operations, lost }) => ({
            slug,
            operations,
            not_carried: lost.slice(0, mostNotes),
            ...(lost.length > mostNotes ? { note: `The first ${mostNotes} of ${lost.length} notes.` } : {}),
          })),
        };
      } catch (error) {
        throw error instanceof ImportFailure ? refusal(error.message, "path") : error;
      }
    },
  };
}
