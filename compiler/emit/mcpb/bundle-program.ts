/** From the sources: the server of a bundle with all that it needs, as one file. */
import { join } from "node:path";
import { build } from "esbuild";
import { licenceNotices } from "./licence-notices.ts";
import type { ServerProgram } from "./server-program.ts";

const root = join(import.meta.dirname, "../../..");

export async function bundleProgram(): Promise<ServerProgram> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: ["cli/mcpb/main.ts"],
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    format: "cjs",
    platform: "node",
    // A bundle is asked for no state that is shared with others.
    external: ["ioredis"],
    target: "node20.19",
    charset: "ascii",
    legalComments: "none",
    logLevel: "silent",
    define: { "import.meta.dirname": "__dirname" },
  });
  return { program: outputFiles[0]?.text ?? "", notices: licenceNotices([metafile], root) };
}
