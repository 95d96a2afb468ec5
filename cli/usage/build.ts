import { Option } from "commander";
import type { BuildFlags } from "../commands/build.ts";
import { example, type Usage } from "./usage.ts";

/** A test holds these equal to the targets and modes of `compiler/emit`, which are loaded only by a build. */
export const targetNames: readonly string[] = ["ts", "ir", "openapi", "mcp", "mcpb"];

export const modeNames: readonly string[] = ["runtime", "standalone"];

export const buildUsage: Usage = (program, world, done) => {
  program
    .command("build")
    .description(
      "Compile descriptors into DIR/<slug>/: a typed client, the IR, an OpenAPI document, MCP tools, a bundle.",
    )
    .argument("<paths...>", "files, folders, globs or FILE#slug")
    .requiredOption("--out <dir>", "folder to write to")
    .addOption(
      new Option(
        "--target <target>",
        "ts: client and IR; ir: the IR alone; openapi: an OpenAPI 3.1 document; mcp: the tools of an MCP server; mcpb: that server as a bundle that hosts install",
      )
        .choices(targetNames)
        .default("ts"),
    )
    .addOption(
      new Option(
        "--mode <mode>",
        "of target ts: runtime: a thin client over connectorc/runtime; standalone: one that needs no package",
      )
        .choices(modeNames)
        .default("runtime"),
    )
    .option(
      "--namespace <name>",
      "of target mcpb: the publisher's reverse domain name; writes the registry's server.json",
    )
    .option(
      "--download-url <url>",
      "with --namespace: where the bundle will be; {slug} and {version} are the connector's",
    )
    .option("--check", "write nothing; fail where the files on disk are not what would be written")
    .option("--force", "overwrite files that were edited by hand")
    .option("--watch", "build again whenever a file changes, until Ctrl-C")
    .addHelpText(
      "after",
      example(
        "connector build jira.yaml --out src/connectors",
        "0: built; 1: errors found, nothing written, or stale under --check; 2: usage or unreadable input",
      ),
    )
    .action(async (paths: string[], options: BuildFlags) => {
      const { buildCommand } = await import("../commands/build.ts");
      done(await buildCommand(paths, options, world));
    });
};
