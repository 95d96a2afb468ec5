import { Option } from "commander";
import type { McpFlags } from "../mcp/flags.ts";
import { example, repeatable, type Usage, wholeNumber } from "./usage.ts";

export const mcpUsage: Usage = (program, world, done) => {
  program
    .command("mcp")
    .description("Serve operations as tools of an MCP server, over standard input and output or over HTTP.")
    .argument("[descriptors...]", "descriptor files, FILE#slug, or compiled connectors (IR)")
    .option("--author [dir]", "serve tools with which an agent makes connectors in this folder")
    .addOption(
      repeatable(
        "--pin <name=origin>",
        "with --author: where NAME.connection.yaml may be used; may be repeated",
      ),
    )
    .addOption(repeatable("--connection <file>", "connection file; with several connectors, one for each"))
    .option("--profile <profile>", "authentication profile to use")
    .option("--key-file <file>", "file with the key that logins are sealed with")
    .option("--state <url>", "share limits and credentials with other processes: redis://host:port")
    .option("--mcp-servers <file>", "the host's commands of MCP servers that a descriptor names")
    .addOption(
      repeatable(
        "--allow-network <destination>",
        "allow a private destination: host or CIDR, with optional :port; may be repeated",
      ),
    )
    .addOption(repeatable("--tools <names>", "serve only these tools; * stands for any characters"))
    .addOption(repeatable("--tags <tags>", "serve only operations that have one of these tags"))
    .option("--read-only", "serve only tools that change nothing (the default)")
    .option("--allow-writes", "serve tools that change something as well")
    .option("--policy <file>", "rules for tools that change something: allow, deny or confirm")
    .option(
      "--receipts <file>",
      "with --policy: file that a line is added to for each decision and its outcome",
    )
    .option("--discover", "list three tools (search, describe, call) in place of all")
    .option("--force", "serve connectors whose mcp_config does not offer tools")
    .addOption(
      new Option("--max-bytes <n>", "bytes of one answer at most; 49152 by default").argParser(
        wholeNumber(4096),
      ),
    )
    .addOption(
      new Option("--concurrency <n>", "calls that run at a time; 16 by default").argParser(wholeNumber(1)),
    )
    .option(
      "--lock <file>",
      "serve only tools that are as this file has them: a hash of each one's texts and schemas; written where there is none",
    )
    .option("--update-lock", "with --lock: write the file anew, and serve nothing")
    .option("--report", "print what the tools take of a context, and serve nothing")
    .addOption(
      new Option("--budget <tokens>", "with --report: fail where the tools take more").argParser(
        wholeNumber(1),
      ),
    )
    .option("--http [address]", "serve over HTTP on this port, or host:port, in place of standard input")
    .option("--issuer <url>", "with --http: take access tokens of this authorization server")
    .option("--resource <url>", "with --issuer: URL of this server, for which tokens must be meant")
    .addOption(repeatable("--scope <scope>", "with --issuer: a scope that tokens must have"))
    .addOption(repeatable("--allow-host <name>", "with --http: a further host name that clients may use"))
    .addOption(repeatable("--allow-origin <name>", "with --http: a host whose pages may call"))
    .addHelpText(
      "after",
      example(
        "connector mcp jira.yaml --connection jira.connection.yaml --tags issues",
        "0: the client went away, or the report is within the budget; 1: errors found, or over the budget; 2: usage, connection, or no tools offered",
      ),
    )
    .action(async (descriptors: string[], options: McpFlags) => {
      if (options.author !== undefined) {
        const { authorCommand } = await import("../commands/author.ts");
        return done(await authorCommand(descriptors, options, world));
      }
      const { mcpCommand } = await import("../commands/mcp.ts");
      done(await mcpCommand(descriptors, options, world));
    });
};
