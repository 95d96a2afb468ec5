import { Option } from "commander";
import { example, type Usage } from "./usage.ts";

export const showUsage: Usage = (program, world, done) => {
  program
    .command("show")
    .description("Show what a descriptor offers: operations, profiles, settings, limits, tools.")
    .argument("<descriptor>", "descriptor file, or FILE#slug")
    .addOption(
      new Option("--format <format>", "how it is printed").choices(["pretty", "json"]).default("pretty"),
    )
    .option("--origins", "show where the credentials of each profile can go")
    .addHelpText(
      "after",
      example(
        "connector show jira.yaml",
        "0: shown; 1: errors in the descriptor; 2: usage or unreadable input",
      ),
    )
    .action(async (descriptor: string, options: { format: "pretty" | "json"; origins?: true }) => {
      const { showCommand } = await import("../commands/show.ts");
      done(await showCommand(descriptor, options, world));
    });
};
