import { Option } from "commander";
import { presets, severities } from "../validate/levels.ts";
import { example, repeatable, type Usage, wholeNumber } from "./usage.ts";

export const validateUsage: Usage = (program, world, done) => {
  program
    .command("validate")
    .description("Report everything that is wrong in descriptors.")
    .argument(
      "[paths...]",
      "files, folders, globs, FILE#slug, or - for standard input; the current folder when none is given",
    )
    .addOption(
      repeatable(
        "--format <format>",
        "how findings are printed: pretty, stylish, json, sarif, github, junit, codeclimate or markdown; FORMAT=FILE writes to a file; may be repeated",
      ),
    )
    .addOption(
      new Option("--fail-severity <severity>", "the least severity that fails the run").choices([
        ...severities,
        "none",
      ]),
    )
    .addOption(
      new Option("--max-warnings <n>", "warnings above which the run fails").argParser(wholeNumber(0)),
    )
    .addOption(
      new Option(
        "--preset <preset>",
        "minimal: what cannot work; recommended: also what is weak; strict: also style",
      ).choices(presets),
    )
    .addOption(
      repeatable("--rule <rule=severity>", "off, info, warning or error for a rule; may be repeated"),
    )
    .option("--next", "also the rules that the next major version brings by itself")
    .option(
      "--config <file>",
      "configuration file, instead of the nearest connector.config.yaml above each file",
    )
    .option("--no-config", "read no configuration file")
    .option("--baseline <file>", "hide the findings that the file lists")
    .option("--update-baseline", "write the findings of this run to the baseline file")
    .option("--stdin-filepath <path>", "the path that standard input stands for")
    .option("--fix", "mend what can be mended in one way only, and report what remains")
    .option("--dry-run", "with --fix: write nothing, print a patch")
    .option("--watch", "validate again whenever a file changes, until Ctrl-C")
    .addHelpText(
      "after",
      example(
        "connector validate descriptors/ --format json",
        "0: no error; 1: errors found; 2: usage or unreadable input",
      ),
    )
    .action(async (paths: string[], options) => {
      const { validateCommand } = await import("../commands/validate.ts");
      done(await validateCommand(paths, options, world));
    });
};
