/**
 * Makes all that `bin` and `exports` name: `dist/` holds the library entries (one graph with shared chunks, so
 * that `ConnectorError` is one class whichever entry it comes from), the program `connector` (minified, one bundle
 * per command) and the declarations.
 *
 * `yaml`, `commander` and `ajv`'s helpers are bundled, with their licences in THIRD-PARTY-NOTICES.txt: one bundled
 * file halves the start of `connector validate`, and an application that embeds the runtime installs none of them.
 * What is needed only at times, or has types that show in ours, stays a dependency and is imported when first used.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type BuildOptions, build, type Metafile, type Plugin } from "esbuild";
import * as yaml from "yaml";
import { benchDescriptor } from "./bench/descriptor.ts";
import { createBundleLoader, wrapper } from "./cli/bundle-loader.ts";
import { limitHeapGrowth } from "./cli/heap-growth.ts";
import type { World } from "./cli/world.ts";

const manifest: { dependencies: Record<string, string> } = JSON.parse(readFileSync("package.json", "utf8"));

const common: BuildOptions = {
  bundle: true,
  platform: "node",
  target: "node20.19",
  external: Object.keys(manifest.dependencies),
  metafile: true,
  legalComments: "none",
  logLevel: "warning",
};

rmSync("dist", { recursive: true, force: true });

const library = await build({
  ...common,
  entryPoints: ["index.ts", "runtime/index.ts", "runtime/testing/index.ts", "compiler/index.ts"],
  format: "esm",
  splitting: true,
  outbase: ".",
  outdir: "dist",
  chunkNames: "chunks/[name]-[hash]",
  // Bundled CommonJS packages ask for `node:` modules by `require`, which an ES module must make for itself.
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
});

/** The program is CommonJS inside: ES modules load file by file and asynchronously, which alone costs a tenth of a start. */
const bundle: BuildOptions = {
  ...common,
  format: "cjs",
  outdir: "dist/cli",
  outExtension: { ".js": ".cjs" },
  minify: true,
  define: { "import.meta.dirname": "__dirname" },
  supported: { "dynamic-import": false },
};
/** What the loader loads. */
const loaded: BuildOptions = {
  ...bundle,
  charset: "ascii",
  banner: { js: wrapper[0] },
  footer: { js: wrapper[1] },
};
const commands = readdirSync("cli/commands").map((file) => join("cli/commands", file));
const programs = [
  await build({
    ...loaded,
    entryPoints: ["cli/program.ts", "cli/main.ts"],
    plugins: [separateBundles(), withoutSubprocesses()],
  }),
  await build({ ...loaded, entryPoints: commands, plugins: [separateYaml()] }),
  await build({ ...loaded, entryPoints: [{ in: "yaml", out: "yaml" }] }),
];
const starts = await build({
  ...bundle,
  entryPoints: [{ in: "cli/start.ts", out: "connector" }, "cli/worker.ts"],
  define: {
    ...bundle.define,
    bundlesHash: JSON.stringify(bundlesHash()),
    bundlesV8: JSON.stringify(process.versions.v8),
  },
});
await warm();

declarations();
writeFileSync(
  "dist/THIRD-PARTY-NOTICES.txt",
  notices([library, ...programs, starts].flatMap(({ metafile }) => metafile ?? [])),
);

/** Each command is a bundle of its own beside the program, loaded when it runs, and so is what needs commander. */
function separateBundles(): Plugin {
  return {
    name: "separate-bundles",
    setup: ({ onResolve }) => {
      onResolve({ filter: /^\.{1,2}\/(?:commands\/[^/]+|main)\.ts$/ }, ({ path }) => ({
        path: `./${basename(path, ".ts")}.cjs`,
        external: true,
      }));
    },
  };
}

/**
 * The YAML library is a bundle of its own, loaded when something of it is first used: our reader takes plain documents
 * by itself.
 */
function separateYaml(): Plugin {
  return {
    name: "separate-yaml",
    setup: ({ onResolve, onLoad }) => {
      onResolve({ filter: /^yaml$/ }, () => ({ path: "yaml", namespace: "separate" }));
      onResolve({ filter: /^\.\/yaml\.cjs$/, namespace: "separate" }, ({ path }) => ({
        path,
        external: true,
      }));
      onLoad({ filter: /.*/, namespace: "separate" }, () => ({ contents: lazyYaml() }));
    },
  };
}

function lazyYaml(): string {
  const getters = Object.keys(yaml).map((name) => `get ${name}() { return of("${name}"); }`);
  return `let yaml;
const of = (name) => (yaml ??= require("./yaml.cjs"))[name];
module.exports = { ${getters.join(", ")} };`;
}

/** commander can run executables as subcommands; ours has none, and `child_process` would load the network stack. */
function withoutSubprocesses(): Plugin {
  return {
    name: "without-subprocesses",
    setup: ({ onResolve, onLoad }) => {
      onResolve({ filter: /^node:child_process$/ }, () => ({ path: "child_process", namespace: "absent" }));
      onLoad({ filter: /.*/, namespace: "absent" }, () => ({ contents: "module.exports = {};" }));
    },
  };
}

/** Names the texts of the bundles that were made so far: a cache of compiled code is of one text. */
function bundlesHash(): string {
  const hash = createHash("sha256");
  for (const file of readdirSync("dist/cli").sort()) hash.update(readFileSync(join("dist/cli", file)));
  return hash.digest("hex").slice(0, 32);
}

/** Runs `connector validate` once in this process, and writes the code that it compiled beside the bundles. */
async function warm(): Promise<void> {
  limitHeapGrowth();
  const { load, scripts } = createBundleLoader(join(import.meta.dirname, "dist/cli"));
  // The bundle is our own `cli/program.ts`.
  const { run } = load("program.cjs") as typeof import("./cli/program.ts");
  const silent = { isTerminal: false, write: () => Promise.resolve() };
  const world: World = {
    cwd: import.meta.dirname,
    env: {},
    stdout: silent,
    stderr: silent,
    readStdin: () => Promise.resolve(Buffer.from(benchDescriptor())),
    interrupted: new AbortController().signal,
  };
  for (const argv of [
    ["validate", "-"],
    ["validate", "--format", "pretty", "-"],
  ]) {
    const code = await run(argv, world);
    if (code !== 0) throw new Error(`the bundled program answers ${code} to a descriptor that is right`);
  }
  for (const [name, script] of scripts)
    writeFileSync(join("dist/cli", `${name}.cache`), script.createCachedData());
}

/** Declarations come from tsc; their `.ts` imports are rewritten, which tsc does for JavaScript alone. */
function declarations(): void {
  execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"], {
    stdio: "inherit",
  });
  for (const file of readdirSync("dist", { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".d.ts")) continue;
    const path = join("dist", file);
    writeFileSync(
      path,
      readFileSync(path, "utf8").replace(/((?:from|import\()\s*"\.{1,2}\/[^"]*)\.ts"/g, '$1.js"'),
    );
  }
}

/** Name, version and licence text of every package whose code is in a bundle. */
function notices(metafiles: readonly Metafile[]): string {
  // The precompiled validators hold these already.
  const packages = new Set(["node_modules/ajv", "node_modules/fast-deep-equal"]);
  for (const { inputs } of metafiles)
    for (const input of Object.keys(inputs)) {
      const found = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input);
      if (found) packages.add(found[0]);
    }
  const texts = [...packages].sort().map((folder) => {
    const { name, version, license }: Record<string, string> = JSON.parse(
      readFileSync(join(folder, "package.json"), "utf8"),
    );
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    if (file === undefined)
      throw new Error(`${name} is bundled and has no licence file in ${dirname(folder)}`);
    return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
  });
  return `This package contains code of the following packages.\n\n${texts.join(`\n${"-".repeat(100)}\n\n`)}`;
}
