/**
 * Makes all that `bin` and `exports` name: `dist/` holds the library entries (one graph with shared chunks, so
 * that `ConnectorError` is one class whichever entry it comes from), the program `connector` (minified, one bundle
 * per command) and the declarations.
 *
 * `yaml`, `commander`, the MCP SDK and `ajv`'s helpers are bundled, with their licences in THIRD-PARTY-NOTICES.txt: one bundled
 * file halves the start of `connector validate`, and an application that embeds the runtime installs none of them.
 * What is needed only at times, or has types that show in ours, stays a dependency and is imported when first used.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { Readable } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { benchDescriptor } from "./bench/descriptor.ts";
import { createBundleLoader, wrapper } from "./cli/bundle-loader.ts";
import type { World } from "./cli/world.ts";
import { bundleProgram } from "./compiler/emit/mcpb/bundle-program.ts";
import { licenceNotices } from "./compiler/emit/mcpb/licence-notices.ts";
import { bundleCore } from "./compiler/emit/typescript/standalone/bundle-core.ts";

const manifest: {
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
} = JSON.parse(readFileSync("package.json", "utf8"));

const core = JSON.stringify(await bundleCore());

const common: BuildOptions = {
  bundle: true,
  platform: "node",
  target: "node20.19",
  external: [...Object.keys(manifest.dependencies), "ioredis"],
  metafile: true,
  legalComments: "none",
  logLevel: "warning",
  plugins: [standaloneCore()],
};

rmSync("dist", { recursive: true, force: true });

const library = await build({
  ...common,
  entryPoints: [
    "index.ts",
    "runtime/index.ts",
    "runtime/gate/index.ts",
    "runtime/mcp/index.ts",
    "runtime/redis/index.ts",
    "runtime/testing/index.ts",
    "compiler/index.ts",
  ],
  external: Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }),
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
/**
 * What a plain run does without, by the bundle that it stands in: our reader takes plain YAML by itself, and validators
 * tell what is wrong where a check has found that something is.
 */
const separate: Readonly<Record<string, string>> = {
  yaml: "yaml",
  "descriptor-faults": "./compiler/validate/descriptor.gen.js",
  "schema-faults": "./compiler/validate/meta-schema.gen.js",
  "config-faults": "./compiler/config/config.gen.js",
};
const commands = readdirSync("cli/commands").map((file) => join("cli/commands", file));
const programs = [
  await build({
    ...loaded,
    entryPoints: ["cli/program.ts", "cli/main.ts"],
    plugins: [separateBundles(), withoutSubprocesses(), standaloneCore()],
  }),
  await build({
    ...loaded,
    entryPoints: commands,
    plugins: [separated(), standaloneCore(), bundleServer()],
  }),
  await build({ ...loaded, entryPoints: Object.entries(separate).map(([out, from]) => ({ in: from, out })) }),
];
writeFileSync("dist/cli/mcpb-server.json", JSON.stringify(await bundleProgram()));
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
  licenceNotices(
    [library, ...programs, starts].flatMap(({ metafile }) => metafile ?? []),
    import.meta.dirname,
  ),
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

/** Each is replaced by what loads its bundle when something of it is first used. */
function separated(): Plugin {
  return {
    name: "separated",
    setup: ({ onResolve, onLoad }) => {
      for (const [out, from] of Object.entries(separate)) {
        const filter = new RegExp(`(?:^|/)${basename(from).replaceAll(".", "\\.")}$`);
        onResolve({ filter }, () => ({ path: out, namespace: "separate" }));
      }
      onResolve({ filter: /^\.\/[^/]+\.cjs$/, namespace: "separate" }, ({ path }) => ({
        path,
        external: true,
      }));
      onLoad({ filter: /.*/, namespace: "separate" }, async ({ path }) => ({ contents: await late(path) }));
    },
  };
}

/** The core of standalone clients is made now: what is installed has neither its sources nor a bundler. */
function standaloneCore(): Plugin {
  return {
    name: "standalone-core",
    setup: ({ onLoad }) => {
      onLoad({ filter: /[\\/]typescript[\\/]standalone[\\/]core\.ts$/ }, () => ({
        contents: `export const loadCore = () => Promise.resolve(JSON.parse(${JSON.stringify(core)}));`,
      }));
    },
  };
}

/** The server of `.mcpb` bundles is made now, for the same reason; it is read only when a bundle is built. */
function bundleServer(): Plugin {
  return {
    name: "bundle-server",
    setup: ({ onLoad }) => {
      onLoad({ filter: /[\\/]mcpb[\\/]server-program\.ts$/ }, ({ path }) => ({
        resolveDir: dirname(path),
        contents: `import { readFile } from "node:fs/promises";
import { join } from "node:path";
export const loadServerProgram = async () =>
  JSON.parse(await readFile(join(import.meta.dirname, "mcpb-server.json"), "utf8"));`,
      }));
    },
  };
}

async function late(out: string): Promise<string> {
  const exported: object = await import(String(separate[out]));
  const getters = Object.keys(exported).map((name) => `get ${name}() { return of("${name}"); }`);
  return `let loaded;
const of = (name) => (loaded ??= require("./${out}.cjs"))[name];
module.exports = { __esModule: true, ${getters.join(", ")} };`;
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

/** Runs `connector validate` and `connector mcp` once in this process, and writes the code that they compiled beside the bundles. */
async function warm(): Promise<void> {
  const folder = join(import.meta.dirname, "dist/cli");
  const { load, scripts } = createBundleLoader(folder, createRequire(join(folder, "connector.cjs")));
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
  const served = await run(["mcp", "--force", "-"], {
    ...world,
    env: {
      CONNECTOR_BENCH_TRACKER_DOMAIN: "bench",
      CONNECTOR_BENCH_TRACKER_EMAIL: "bench@example.com",
      CONNECTOR_BENCH_TRACKER_API_TOKEN: "none",
    },
    stdin: listingClient(),
  });
  if (served !== 0) throw new Error(`the bundled program answers ${served} to an MCP client`);
  for (const [name, script] of scripts)
    writeFileSync(join("dist/cli", `${name}.cache`), script.createCachedData());
}

/** What an MCP client sends that asks for the tools, and goes away once it should have them. */
function listingClient(): Readable {
  const info = {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "build", version: "1" },
  };
  const messages = [
    { jsonrpc: "2.0", id: 1, method: "initialize", params: info },
    { jsonrpc: "2.0", method: "notifications/initialized" },
    { jsonrpc: "2.0", id: 2, method: "tools/list" },
  ];
  return Readable.from(
    (async function* () {
      for (const message of messages) yield Buffer.from(`${JSON.stringify(message)}\n`);
      await setTimeout(200);
    })(),
    { objectMode: false },
  );
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
