import { Option } from "commander";
import type { DiffFlags } from "../commands/diff.ts";
import { example, type Usage } from "./usage.ts";

export const diffUsage: Usage = (program, world, done) => {
  program
    .command("diff")
    .description("Tell what changed between two versions of a descriptor, and which version that asks for.")
    .argument(
      "<old>",
      "file, folder or FILE#slug; git:REV for NEW at a revision, git:REV:path for another file",
    )
    .argument("<new>", "file, folder, FILE#slug, or - for standard input")
    .addOption(
      new Option("--format <format>", "how changes are printed")
        .choices(["pretty", "json", "markdown"])
        .default("pretty"),
    )
    .addOption(
      new Option(
        "--fail-on <level>",
        "the least change that fails the run; unsaid, only a version that the changes do not allow does",
      ).choices(["major", "minor", "patch", "none"]),
    )
    .option("--auto-bump", "write the least version that the changes allow into NEW")
    .addHelpText(
      "after",
      example(
        "connector diff git:main jira.yaml",
        "0: the version allows the changes; 1: it does not, or --fail-on; 2: usage, errors in a descriptor, nothing compared",
      ),
    )
    .action(async (old: string, now: string, options: DiffFlags) => {
      const { diffCommand } = await import("../commands/diff.ts");
      done(await diffCommand(old, now, options, world));
    });
};
