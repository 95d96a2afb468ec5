import { Option } from "commander";
import type { ImportFlags } from "../commands/import.ts";
import { example, repeatable, type Usage } from "./usage.ts";

/** A test holds these equal to the formats of `compiler/import`, which are loaded only by an import. */
export const formatNames: readonly string[] = [
  "openapi",
  "postman",
  "har",
  "nango",
  "pullpush",
  "yaml-spec",
  "mcp",
  "config-schema",
];

export const importUsage: Usage = (program, world, done) => {
  program
    .command("import")
    .usage("[options] [format] <file|-|server>")
    .description("Turn what describes an API already into a descriptor: an OpenAPI document, for instance.")
    .argument(
      "<words...>",
      `a format (${formatNames.join(", ")}; guessed if left out), and a file or - for standard input; after mcp also the URL of a server, or its name`,
    )
    .option("--out <dir>", "folder to write <slug>/connector.yaml to; without it the descriptor is printed")
    .addOption(
      repeatable(
        "--select <glob>",
        "import only what matches: a tag, an operation, a path or a name; may be repeated",
      ),
    )
    .addOption(
      repeatable(
        "--mcp <glob>",
        "make MCP tools of operations that match by tag or operation; may be repeated",
      ),
    )
    .option("--update", "merge a newer source into a descriptor that was imported and edited since")
    .option("--mcp-servers <file>", "with mcp: the host's commands of MCP servers, of which one is named")
    .option("--token-env <variable>", "with mcp: variable that holds the token of the server")
    .addOption(
      repeatable(
        "--allow-network <destination>",
        "with mcp: allow a private destination: host or CIDR, with optional :port; may be repeated",
      ),
    )
    .option("--force", "overwrite a descriptor that stands there")
    .addOption(
      new Option("--report <form>", "how to tell what was not carried over")
        .choices(["text", "json"])
        .default("text"),
    )
    .addHelpText(
      "after",
      example(
        "connector import openapi petstore.yaml --out descriptors",
        "0: imported; 1: nothing could be imported, or an update has conflicts; 2: usage or unreadable input",
      ),
    )
    .action(async (words: string[], options: ImportFlags) => {
      const { importCommand } = await import("../commands/import.ts");
      done(await importCommand(words, options, world));
    });
};
