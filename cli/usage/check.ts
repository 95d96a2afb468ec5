import { connectionOptions, example, type Usage } from "./usage.ts";

export const checkUsage: Usage = (program, world, done) => {
  connectionOptions(
    program
      .command("check")
      .description("Try the credentials: call the profile's test_endpoint.")
      .argument("<descriptor>", "descriptor file, or FILE#slug"),
  )
    .addHelpText(
      "after",
      example(
        "connector check jira.yaml --connection jira.connection.yaml",
        "0: accepted; 1: refused or failed; 2: usage or connection",
      ),
    )
    .action(async (descriptor: string, options) => {
      const { checkCommand } = await import("../commands/check.ts");
      done(await checkCommand(descriptor, options, world));
    });
};
