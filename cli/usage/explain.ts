import { Option } from "commander";
import { example, type Usage } from "./usage.ts";

export const explainUsage: Usage = (program, world, done) => {
  program
    .command("explain")
    .description("Explain a rule that a finding names, or list the rules.")
    .argument("[rule]", "rule id, area/kebab-name, or an area alone; all rules when left out")
    .addOption(
      new Option("--format <format>", "how it is printed").choices(["pretty", "json"]).default("pretty"),
    )
    .addHelpText(
      "after",
      example("connector explain template/unknown-name", "0: explained; 2: there is no such rule or area"),
    )
    .action(async (rule: string | undefined, { format }: { format: "pretty" | "json" }) => {
      const { explainCommand } = await import("../commands/explain.ts");
      done(await explainCommand(rule, format, world));
    });
};
