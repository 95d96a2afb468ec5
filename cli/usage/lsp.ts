import { example, type Usage } from "./usage.ts";

export const lspUsage: Usage = (program, world, done) => {
  program
    .command("lsp")
    .description(
      "Serve editors: findings, completion, navigation and renaming, over standard input and output.",
    )
    .option("--stdio", "as many editors write it; there is no other way")
    .addHelpText(
      "after",
      example("connector lsp --stdio", "0: the editor said goodbye; 1: it went away without"),
    )
    .action(async () => {
      const { lspCommand } = await import("../commands/lsp.ts");
      done(await lspCommand(world));
    });
};
