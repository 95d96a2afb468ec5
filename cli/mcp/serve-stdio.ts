import { Writable } from "node:stream";
import type { ToolServer } from "../../runtime/mcp/index.ts";
import { CommandFailure } from "../failure.ts";
import type { World } from "../world.ts";

/** Serves over standard input and output until the client goes away, or until the first interrupt. */
export async function serveStdio(server: ToolServer, world: World): Promise<void> {
  const { stdin, stdout, stderr } = world;
  if (!stdin)
    throw new CommandFailure("standard input cannot be read; a client starts this command, with a pipe");
  const output = new Writable({
    write: (chunk: Uint8Array, _encoding, done) => {
      stdout.write(chunk).then(() => done(), done);
    },
  });
  const { serveToolsOverStdio } = await import("../../runtime/mcp/index.ts");
  const serving = serveToolsOverStdio(
    server,
    { input: stdin, output },
    (fault) => void stderr.write(`warning: ${fault.message}\n`),
  );
  world.interrupted.addEventListener("abort", () => void serving.close(), { once: true });
  await serving.ended;
  await server.close();
  // A pipe that is still open would keep the process alive.
  stdin.destroy();
}
