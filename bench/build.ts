/**
 * What `connector build` costs, in whole processes of the built program (`npm run build` first): that the time is
 * linear in the operations and, with `--peers=FOLDER`, how it compares with openapi-typescript on the same API (a
 * generated one, as the OpenAPI document of `--target openapi`; GitHub's, as our importer reads its document), and what
 * the client costs its user's type check. The folder is made
 * by `npm i openapi-typescript@7 typescript@5.9 tsc7@npm:typescript@7 @seriousme/openapi-schema-validator@2`, all
 * without install scripts. Exits 1 past a bound.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { largeDescriptor } from "./large-descriptor.ts";
import { type Contestant, mediansOf, timeOf } from "./process.ts";

const home = join(import.meta.dirname, "..");
const program = join(home, "dist", "cli", "connector.cjs");
/** Operations of GitHub's API. */
const usual = 870;
const sizes = [100, 1_000, 4_000];
const rounds = 5;
/** What forty times the operations may take, as a multiple of forty times the time, without what a start takes. */
const linearBound = 1.5;
const peerBound = 1;
const memoryBound = 1.1;
const checkBoundMs = 3_000;
const missed: string[] = [];

const folder = mkdtempSync(join(tmpdir(), "connector-bench-"));
try {
  console.log(
    `Node ${process.versions.node}, ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)}; medians of whole processes`,
  );
  linear("runtime");
  linear("standalone");
  const peers = process.argv.find((word) => word.startsWith("--peers="))?.slice("--peers=".length);
  if (peers !== undefined) await compare(resolve(peers));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const what of missed) console.log(`MISSED: ${what}`);
process.exitCode = missed.length === 0 ? 0 : 1;

/** In both modes a build takes time in proportion to the operations. */
function linear(mode: "runtime" | "standalone"): void {
  const took = (size: number): number => mediansOf({ it: build(written(size), "ts", mode) }, 3).it;
  const base = took(1);
  const times = sizes.map((size) => took(size) - base);
  for (const [index, size] of sizes.entries()) {
    const time = times[index] ?? Number.NaN;
    console.log(`${size} operations: ${time.toFixed(0)} ms and ${(time / size).toFixed(2)} ms each`);
  }
  const [small = 0] = times;
  const large = times.at(-1) ?? 0;
  const growth = large / small / ((sizes.at(-1) ?? 1) / (sizes[0] ?? 1));
  console.log(`${mode}: growth ${growth.toFixed(2)} x linear`);
  hold(
    growth <= linearBound,
    `the time of build --mode ${mode} grows ${growth.toFixed(2)} times as fast as the operations`,
  );
}

/** A descriptor, and the OpenAPI document of the same API. */
interface Api {
  readonly name: string;
  readonly descriptor: string;
  readonly document: string;
}

/** The generated API, by the document that `--target openapi` makes of it. */
function generated(): Api {
  const descriptor = written(usual);
  timeOf(build(descriptor, "openapi"));
  return { name: "generated", descriptor, document: join(folder, "out", "large-api", "openapi.json") };
}

/** GitHub's API as our importer makes a descriptor of its document. */
function imported(): Api | undefined {
  const document = join(home, "../shared/corpus/openapi/github.json");
  if (!existsSync(document)) {
    console.log("\nSKIPPED: github.json of the corpus is not here, so no real document is compared");
    return undefined;
  }
  const out = join(folder, "imported");
  timeOf({ args: [program, "import", "openapi", document, "--out", out] });
  const [slug = ""] = readdirSync(out);
  return { name: "github.json", descriptor: join(out, slug, "connector.yaml"), document };
}

async function compare(peers: string): Promise<void> {
  const own = generated();
  await judge(own.document, peers);
  for (const api of [own, imported()]) if (api) compareOne(api, peers);
}

function compareOne({ name, descriptor, document }: Api, peers: string): void {
  const clients = join(folder, "clients", name);
  const contestants = {
    build: build(descriptor, "ts", "runtime", clients),
    "openapi-typescript": {
      args: [
        join(peers, "node_modules/openapi-typescript/bin/cli.js"),
        document,
        "--output",
        join(folder, "peer.ts"),
      ],
    },
  };
  const medians = mediansOf(contestants, rounds);
  const peak = { ours: peakOf(contestants.build), peer: peakOf(contestants["openapi-typescript"]) };
  const time = medians.build / medians["openapi-typescript"];
  const memory = peak.ours / peak.peer;
  const [slug = ""] = readdirSync(clients);
  const client = join(clients, slug, "index.ts");
  const operations = readFileSync(client, "utf8").match(/ return (?:callOf|pagesOf)\(this/g)?.length;
  console.log(
    `\n${name}, ${operations} operations, ${rounds} interleaved runs: build ${medians.build.toFixed(0)} ms, ${peak.ours} MB; openapi-typescript ${medians["openapi-typescript"].toFixed(0)} ms, ${peak.peer} MB: ${time.toFixed(2)} x its time, ${memory.toFixed(2)} x its memory`,
  );
  hold(time <= peerBound, `${name}: build takes ${time.toFixed(2)} times as long as openapi-typescript`);
  hold(
    memory <= memoryBound,
    `${name}: build takes ${memory.toFixed(2)} times the memory of openapi-typescript`,
  );
  check(name, client, peers);
}

/** `tsc --noEmit` of the client, by both compilers, against the built runtime's declarations. */
function check(api: string, client: string, peers: string): void {
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  const link = join(folder, "node_modules", "connectorc");
  if (!existsSync(link)) symlinkSync(home, link);
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  const project = join(folder, "tsconfig.json");
  const strict = ["strict", "exactOptionalPropertyTypes", "noUncheckedIndexedAccess", "verbatimModuleSyntax"];
  const flags = [...strict, "erasableSyntaxOnly", "noUnusedLocals", "skipLibCheck", "noEmit"];
  const compilerOptions = {
    ...Object.fromEntries(flags.map((flag) => [flag, true])),
    target: "es2022",
    module: "nodenext",
    lib: ["es2023"],
    types: ["node"],
    typeRoots: [join(home, "node_modules/@types")],
  };
  writeFileSync(project, JSON.stringify({ compilerOptions, files: [client] }));
  const tsc = (name: string): Contestant => ({
    args: [join(peers, "node_modules", name, "bin/tsc"), "-p", project],
  });
  const medians = mediansOf({ "TypeScript 5.9": tsc("typescript"), "TypeScript 7": tsc("tsc7") }, 3);
  for (const [name, took] of Object.entries(medians))
    console.log(`tsc --noEmit of the client, ${name}: ${took.toFixed(0)} ms`);
  hold(medians["TypeScript 7"] <= checkBoundMs, `${api}: the type check of the client takes more than 3 s`);
}

/** A validator of somebody else finds the document right. */
async function judge(document: string, peers: string): Promise<void> {
  const {
    Validator,
  }: { Validator: new () => { validate(data: object): Promise<{ valid: boolean; errors?: unknown }> } } =
    await import(
      pathToFileURL(join(peers, "node_modules/@seriousme/openapi-schema-validator/index.js")).href
    );
  const { valid, errors } = await new Validator().validate(JSON.parse(readFileSync(document, "utf8")));
  hold(valid, `the OpenAPI document is not valid: ${JSON.stringify(errors)}`);
}

function written(operations: number): string {
  const path = join(folder, `${operations}.json`);
  writeFileSync(path, largeDescriptor(operations));
  return path;
}

function build(
  descriptor: string,
  target: string,
  mode: "runtime" | "standalone" = "runtime",
  out: string = join(folder, "out"),
): Contestant {
  // Files that stand already are compared, not written again: some milliseconds of a build.
  return {
    args: [
      program,
      "build",
      descriptor,
      ...["--out", out],
      ...["--target", target],
      ...(target === "ts" ? ["--mode", mode] : []),
      "--force",
    ],
  };
}

/** Mebibytes that a process had at its peak. */
function peakOf(contestant: Contestant): number {
  const hook = join(folder, "peak.cjs");
  const file = join(folder, "peak.txt");
  writeFileSync(
    hook,
    `process.on("exit", () => require("node:fs").writeFileSync(${JSON.stringify(file)}, String(process.resourceUsage().maxRSS)));`,
  );
  timeOf({ ...contestant, args: ["--require", hook, ...contestant.args] });
  return Math.round(Number(readFileSync(file, "utf8")) / 1024);
}

function hold(kept: boolean, what: string): void {
  if (!kept) missed.push(what);
}
