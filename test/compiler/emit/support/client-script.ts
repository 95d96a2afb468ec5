import { build } from "esbuild";
import type { OutputFile } from "../../../../compiler/emit/output.ts";

/** One script with the whole client in it, for a place that is not Node. */
export async function scriptOf(files: readonly OutputFile[], main: string): Promise<string> {
  const texts = new Map(
    files.map(({ path, text }) => [`./${path.slice(path.indexOf("/") + 1).replace(".ts", ".js")}`, text]),
  );
  const { outputFiles } = await build({
    stdin: { contents: main, loader: "ts" },
    bundle: true,
    write: false,
    minify: true,
    format: "iife",
    platform: "browser",
    target: "es2023",
    plugins: [
      {
        name: "emitted",
        setup: ({ onResolve, onLoad }) => {
          onResolve({ filter: /^\./ }, ({ path }) => ({ path, namespace: "emitted" }));
          onLoad({ filter: /.*/, namespace: "emitted" }, ({ path }) => ({
            contents: texts.get(path) ?? "",
            loader: "ts",
          }));
        },
      },
    ],
  });
  return outputFiles[0]?.text ?? "";
}
