import { Option } from "commander";
import { connectionOptions, example, repeatable, type Usage, wholeNumber } from "./usage.ts";

export const callUsage: Usage = (program, world, done) => {
  connectionOptions(
    program
      .command("call")
      .description("Call an operation and print what it answers.")
      .argument("<descriptor>", "descriptor file, or FILE#slug")
      .argument("<operation>", "operation_id")
      .addOption(
        repeatable(
          "--param <name=value>",
          "a parameter, read by its type; repeated gives a list; @file reads one, @@ is a literal @",
        ),
      )
      .option("--params <json>", "all parameters as a JSON object, or @file")
      .option("--all", "read every page and print all records")
      .addOption(
        new Option(
          "--max-pages <n>",
          "with --all: pages read at most, in place of the descriptor's max_pages",
        ).argParser(wholeNumber(1)),
      )
      .option("--cursor <cursor>", "with --all: go on where an earlier reading ended, as its message says")
      .addOption(
        new Option(
          "--output <format>",
          "json: one value; ndjson: a line per record, by the descriptor's records_path",
        )
          .choices(["json", "ndjson"])
          .default("json"),
      )
      .option("--idempotency-key <key>", "guards a call that changes something against being made twice")
      .option("--policy <file>", "rules for calls that change something: allow, deny or confirm")
      .option(
        "--receipts <file>",
        "with --policy: file that a line is added to for each decision and its outcome",
      )
      .option("--stats", "print requests, time by stage, room in the limits and the sla on standard error"),
  )
    .addHelpText(
      "after",
      example(
        "connector call jira.yaml list_issues --param jql='project = A' --connection jira.connection.yaml --all --output ndjson",
        "0: done; 1: the call failed or is truncated; 2: usage, parameters or connection; 130: stopped by Ctrl-C",
      ),
    )
    .action(async (descriptor: string, operation: string, options) => {
      const { callCommand } = await import("../commands/call.ts");
      done(await callCommand(descriptor, operation, options, world));
    });
};
