import { Option } from "commander";
import { example, type Usage } from "./usage.ts";

export const buildUsage: Usage = (program, world, done) => {
  program
    .command("build")
    .description("Compile descriptors into DIR/<slug>/: the IR as JSON and a typed client.")
    .argument("<paths...>", "files, folders, globs or FILE#slug")
    .requiredOption("--out <dir>", "folder to write to")
    .addOption(
      new Option("--target <target>", "ts: client and IR; ir: the IR alone")
        .choices(["ts", "ir"])
        .default("ts"),
    )
    .addHelpText(
      "after",
      example(
        "connector build jira.yaml --out src/connectors",
        "0: built; 1: errors found, nothing written; 2: usage or unreadable input",
      ),
    )
    .action(async (paths: string[], options: { out: string; target: "ts" | "ir" }) => {
      const { buildCommand } = await import("../commands/build.ts");
      done(await buildCommand(paths, options, world));
    });
};
