import { type Command, Option } from "commander";
import { connectionOptions, example, type Usage, wholeNumber } from "./usage.ts";

export const authUsage: Usage = (program, world, done) => {
  const auth = program
    .command("auth")
    .description("Sign in, and see, end and re-seal logins.")
    .helpCommand(false)
    .addHelpText(
      "after",
      example(
        "connector auth login desk.yaml --connection desk.connection.yaml",
        "0: done; 1: refused, failed or not signed in; 2: usage, connection or key; 130: stopped by Ctrl-C",
      ),
    );
  login(auth)
    .addHelpText(
      "after",
      example(
        "connector auth login desk.yaml --connection desk.connection.yaml",
        "0: signed in; 1: refused, failed or not approved; 2: usage, connection or key; 130: stopped by Ctrl-C",
      ),
    )
    .action(async (descriptor: string, options) => {
      const { loginCommand } = await import("../commands/auth.ts");
      done(await loginCommand(descriptor, options, world));
    });
  about(auth, "status", "Say who is signed in, for which origins and until when.")
    .addOption(
      new Option("--format <format>", "how it is printed").choices(["pretty", "json"]).default("pretty"),
    )
    .addHelpText(
      "after",
      example(
        "connector auth status desk.yaml --connection desk.connection.yaml",
        "0: every login is good; 1: one is missing or has ended; 2: usage, connection or key",
      ),
    )
    .action(async (descriptor: string, options) => {
      const { statusCommand } = await import("../commands/auth.ts");
      done(await statusCommand(descriptor, options, world));
    });
  about(auth, "logout", "Delete a login and its approval.")
    .addHelpText(
      "after",
      example(
        "connector auth logout desk.yaml --connection desk.connection.yaml",
        "0: nothing is stored any more; 2: usage, connection or key",
      ),
    )
    .action(async (descriptor: string, options) => {
      const { logoutCommand } = await import("../commands/auth.ts");
      done(await logoutCommand(descriptor, options, world));
    });
  auth
    .command("rotate")
    .description("Seal all logins anew with the key in use.")
    .option("--key-file <file>", "file with the key that logins are sealed with")
    .addHelpText(
      "after",
      example(
        "CONNECTOR_SECRETS_KEYS_PREVIOUS=… CONNECTOR_SECRETS_KEY=… connector auth rotate",
        "0: all are sealed anew; 1: some could not be opened; 2: usage, store or key",
      ),
    )
    .action(async (options) => {
      const { rotateCommand } = await import("../commands/auth.ts");
      done(await rotateCommand(options, world));
    });
};

function login(auth: Command): Command {
  return about(auth, "login", "Approve where the credentials go, and sign in.")
    .option("--yes", "approve the origins without a question")
    .option("--no-browser", "print the address, and open no browser")
    .addOption(
      new Option("--port <n>", "where this program waits for the browser; a free port by default").argParser(
        wholeNumber(1),
      ),
    )
    .option(
      "--redirect-uri <url>",
      "the redirect address that the provider has on file: on this machine, or https, to be pasted",
    );
}

function about(auth: Command, verb: string, description: string): Command {
  return connectionOptions(
    auth.command(verb).description(description).argument("<descriptor>", "descriptor file, or FILE#slug"),
  );
}
