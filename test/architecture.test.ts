/** The dependency rules of the house: floors, doors and circles, read from the imports themselves. */
import { describe, expect, it } from "vitest";
import { type Import, packageOf, reach, readSources, type Source } from "./support/imports.ts";

const sources = readSources(["schema", "compiler", "runtime", "cli", "index.ts"]);
const published = [...sources.values()].filter(({ path }) => !path.startsWith("schema/generate"));

/** What each floor may import of the project; type imports count as well. */
const floors: Readonly<Record<string, readonly string[]>> = {
  schema: ["schema"],
  compiler: ["compiler", "schema"],
  runtime: ["runtime", "schema"],
  "index.ts": ["compiler", "runtime", "schema"],
  cli: ["cli", "index.ts", "compiler", "runtime", "schema"],
};

/** Each heavy package and the only files or folders that may import it. */
const doors: Readonly<Record<string, readonly string[]>> = {
  yaml: ["compiler/read/", "schema/generate"],
  ajv: ["compiler/validate/", "schema/generate"],
  "ajv-formats": ["schema/generate"],
  "ts-morph": ["compiler/emit/typescript/"],
  typescript: [],
  "json-schema-to-typescript": ["schema/generate"],
  esbuild: [
    "schema/generate",
    "compiler/emit/typescript/standalone/bundle-core.ts",
    "compiler/emit/mcpb/bundle-program.ts",
  ],
  fflate: ["compiler/emit/mcpb/archive.ts"],
  commander: ["cli/"],
  "vscode-languageserver": ["cli/lsp/"],
  "vscode-languageserver-protocol": ["cli/lsp/"],
  "vscode-languageserver-textdocument": ["cli/lsp/"],
  diff: ["cli/validate/unified-diff.ts", "cli/import/three-way.ts"],
  undici: ["runtime/transport/"],
  ioredis: ["runtime/redis/"],
  oauth4webapi: ["runtime/credentials/login.ts", "runtime/mcp/access-token.ts"],
  "@modelcontextprotocol/server": ["runtime/mcp/"],
  "@modelcontextprotocol/node": ["runtime/mcp/http.ts"],
  "json-p3": ["schema/language/path-engine.ts"],
  "jsonpath-plus": ["schema/language/path-engine.ts"],
  re2js: ["schema/language/pattern-engine.ts"],
  "fast-xml-parser": ["runtime/response/"],
  "csv-parse": ["runtime/response/"],
};

/** Where the runtime may touch Node: the rest of it also makes the standalone client. */
const nodeFolders = ["transport", "state", "crypto", "telemetry", "mcp", "testing"].map(
  (name) => `runtime/${name}/`,
);

describe("architecture", () => {
  it("reads the sources at all", () => {
    expect(sources.size).toBeGreaterThan(50);
  });

  it("has arrows that point down only", () => {
    const upward = eachImport(published, ({ local }) => local).filter(
      ({ path, target }) => !(floors[floorOf(path)] ?? []).includes(floorOf(target)),
    );
    expect(upward.map(arrow)).toEqual([]);
  });

  it("has no circles of value imports", () => {
    expect(findCircles(sources)).toEqual([]);
  });

  it("imports each package through its one door", () => {
    const outside = eachImport(
      [...sources.values()],
      ({ local, target }) => !local && !target.startsWith("node:"),
    ).filter(({ path, target }) => !(doors[packageOf(target)] ?? []).some((door) => path.startsWith(door)));
    expect(outside.map(arrow)).toEqual([]);
  });

  it("keeps schema/language free of Node, files and network", () => {
    const impure = eachImport(published, ({ target }) => target.startsWith("node:")).filter(({ path }) =>
      path.startsWith("schema/"),
    );
    expect(impure.map(arrow)).toEqual([]);
  });

  it("lets the runtime touch Node only in its own folders for it", () => {
    const outside = eachImport(published, ({ target }) => target.startsWith("node:")).filter(
      ({ path }) => path.startsWith("runtime/") && !nodeFolders.some((folder) => path.startsWith(folder)),
    );
    expect(outside.map(arrow)).toEqual([]);
  });

  it.each(["yaml", "ajv", "ts-morph", "commander", "typescript"])(
    "loads no %s with connectorc/runtime, not even later",
    (name) => {
      expect(
        [...reach("runtime/index.ts", sources, true)].filter((target) => packageOf(target) === name),
      ).toEqual([]);
      expect(sources.has("runtime/index.ts")).toBe(true);
    },
  );

  it("loads the MCP entry from no other, since its packages are optional", () => {
    for (const entry of ["index.ts", "runtime/index.ts", "compiler/index.ts"])
      expect([...reach(entry, sources, true)].filter((path) => path.startsWith("runtime/mcp/"))).toEqual([]);
    const loaded = [...reach("runtime/mcp/index.ts", sources, true)];
    expect(loaded).toContain("schema/mcp/tool.ts");
    expect(loaded.filter((path) => path.startsWith("compiler/"))).toEqual([]);
  });

  it("loads the compiler from the root entry only when asked to compile", () => {
    const atOnce = [...reach("index.ts", sources, false)].filter((path) => path.startsWith("compiler/"));
    expect(atOnce).toEqual([]);
    expect([...reach("index.ts", sources, true)]).toContain("compiler/index.ts");
  });

  it("loads for `connector validate` neither the runtime nor an emitter", () => {
    const loaded = [...reach("cli/commands/validate.ts", sources, false)];
    expect(loaded).toContain("compiler/index.ts");
    expect(loaded.filter((path) => /^runtime\/(?!version)|^compiler\/emit\//.test(path))).toEqual([]);
  });

  it("has no top-level await in what is published, so that require() works", () => {
    expect(published.filter(({ topLevelAwait }) => topLevelAwait).map(({ path }) => path)).toEqual([]);
  });
});

interface Edge extends Import {
  readonly path: string;
}

function eachImport(among: readonly Source[], wanted: (one: Import) => boolean): readonly Edge[] {
  return among.flatMap(({ path, imports }) => imports.filter(wanted).map((one) => ({ ...one, path })));
}

function arrow({ path, target }: Edge): string {
  return `${path} → ${target}`;
}

function floorOf(path: string): string {
  return path.split("/")[0] ?? path;
}

/** Each circle once, as the path around it. Dynamic imports count: a circle through one is still a circle of concepts. */
function findCircles(all: ReadonlyMap<string, Source>): readonly string[] {
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path);
    if (at >= 0) {
      circles.push([...trail.slice(at), path].join(" → "));
      return;
    }
    if (done.has(path)) return;
    for (const one of all.get(path)?.imports ?? [])
      if (one.local && !one.typeOnly) visit(one.target, [...trail, path]);
    done.add(path);
  };
  for (const path of all.keys()) visit(path, []);
  return circles;
}
