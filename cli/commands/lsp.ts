import { Writable } from "node:stream";
import { CommandFailure } from "../failure.ts";
import { serve } from "../lsp/server.ts";
import type { ExitCode, World } from "../world.ts";

/** `connector lsp`: the language server, on standard input and output alone. */
export async function lspCommand(world: World): Promise<ExitCode> {
  const { stdin, stdout } = world;
  if (!stdin)
    throw new CommandFailure("standard input cannot be read; an editor starts this command, with a pipe");
  const output = new Writable({
    write: (chunk: Uint8Array, _encoding, done) => {
      stdout.write(chunk).then(() => done(), done);
    },
  });
  const code = await serve(stdin, output, world);
  // A pipe that is still open would keep the process alive.
  stdin.destroy();
  return code;
}
