import { Option } from "commander";
import type { SchemaName } from "../commands/schema.ts";
import { example, type Usage } from "./usage.ts";

/** The schemas that the package publishes. */
const names: readonly SchemaName[] = ["descriptor", "config", "report", "diff"];

export const schemaUsage: Usage = (program, world, done) => {
  program
    .command("schema")
    .description("Print a JSON Schema, for editors and other validators.")
    .addOption(
      new Option(
        "--of <what>",
        "descriptors, configuration files, or what validate or diff print with --format json",
      )
        .choices(names)
        .default("descriptor"),
    )
    .addHelpText("after", example("connector schema > descriptor.schema.json", "0"))
    .action(async ({ of }: { of: SchemaName }) => {
      const { schemaCommand } = await import("../commands/schema.ts");
      done(await schemaCommand(of, world));
    });
};
