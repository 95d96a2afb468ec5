/** From the sources of the runtime: the core of standalone clients, as statements that an emitter picks from. */
import { readFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { build, type Plugin } from "esbuild";
import type { Core } from "./core.ts";
import { statementsOf } from "./statements.ts";

const root = join(import.meta.dirname, "../../../..");

/** Modules that stand in for others where there is no Node and no package. */
const standIns: ReadonlyMap<string, string> = new Map([
  ["runtime/crypto/encoding.ts", "runtime/standalone/bytes.ts"],
  ["runtime/crypto/hash.ts", "runtime/standalone/digest.ts"],
  ["runtime/crypto/jwt.ts", "runtime/standalone/jwt.ts"],
  ["runtime/errors.ts", "runtime/standalone/errors.ts"],
  ["runtime/request/component.ts", "runtime/standalone/component.ts"],
  ["runtime/request/stream-source.ts", "runtime/standalone/no-streams.ts"],
  ["runtime/request/to-json.ts", "runtime/standalone/to-json.ts"],
  ["runtime/request/type-name.ts", "runtime/standalone/type-name.ts"],
  ["runtime/response/charset.ts", "runtime/standalone/charset.ts"],
  ["runtime/response/inexact-numbers.ts", "runtime/standalone/inexact-numbers.ts"],
  ["runtime/secrets/secret.ts", "runtime/standalone/plain.ts"],
]);

export async function bundleCore(): Promise<Core> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ["runtime/standalone/index.ts"],
    bundle: true,
    write: false,
    format: "esm",
    platform: "neutral",
    target: "es2023",
    legalComments: "none",
    logLevel: "silent",
    plugins: [standIn()],
  });
  const [output] = outputFiles;
  const types = await readFile(join(root, "runtime/standalone/types.ts"), "utf8");
  return { types, statements: await statementsOf(output?.text ?? "") };
}

function standIn(): Plugin {
  return {
    name: "stand-in",
    setup: ({ onResolve, onLoad }) => {
      onResolve({ filter: /^\./ }, ({ path, resolveDir }) => {
        const found = relative(root, resolve(resolveDir, path));
        return { path: join(root, standIns.get(found) ?? found) };
      });
      onLoad({ filter: /\.ts$/ }, async ({ path }) => ({
        loader: "ts",
        contents: atOnce(await readFile(path, "utf8")),
      }));
    },
  };
}

/** A client is one file: what the runtime loads when it is first needed is there. */
function atOnce(source: string): string {
  const imports: string[] = [];
  const text = source.replace(/const (\{[^}]*\}) = await import\(("[^"]+")\);/g, (_, names, from) => {
    imports.push(`import ${names} from ${from};`);
    return "";
  });
  return imports.join("\n") + text;
}
