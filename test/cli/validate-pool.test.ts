/** Many files on several threads: every answer, in order, whatever becomes of a thread. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findSources, type Source } from "../../cli/find/sources.ts";
import type { Checked } from "../../cli/validate/check-file.ts";
import { checkFiles } from "../../cli/validate/check-files.ts";
import { checkInPool } from "../../cli/validate/pool.ts";
import { workersFor } from "../../cli/validate/pool-size.ts";
import type { Settings } from "../../cli/validate/settings.ts";
import type { Workers, World } from "../../cli/world.ts";
import { folderWith, weather } from "./support.ts";

let workers: Workers;
let folder: string;

/** Threads run bundles, as those of the packaged program. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "connector-pool-"));
  const program = join(folder, "worker.cjs");
  const entry = join(import.meta.dirname, "pool", "mortal-worker.ts");
  const external = ["json-p3", "jsonpath-plus", "re2js"];
  await build({ entryPoints: [entry], outfile: program, bundle: true, platform: "node", external });
  workers = { most: 2, program };
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const settings: Settings = {
  policyOf: () => ({ rules: { "style/documentation-url": "warning" } }),
  boundsOf: () => ({ failSeverity: "error", warnings: { most: Number.POSITIVE_INFINITY } }),
  baselineOf: () => undefined,
};

function worldOf(cwd: string, more: Partial<World> = {}): World {
  const silent = { isTerminal: false, write: () => Promise.resolve() };
  return {
    cwd,
    env: {},
    stdout: silent,
    stderr: silent,
    readStdin: () => Promise.resolve(Buffer.from(weather)),
    interrupted: new AbortController().signal,
    ...more,
  };
}

async function all(answers: AsyncIterable<Checked>): Promise<readonly Checked[]> {
  const list: Checked[] = [];
  for await (const answer of answers) list.push(answer);
  return list;
}

/** A line for each answer: name and rules, or the problem. */
function told(answers: readonly Checked[]): readonly string[] {
  return answers.map((answer) =>
    "problem" in answer
      ? answer.problem
      : `${answer.name} ${answer.diagnostics.map(({ rule }) => rule).join(",")}`.trim(),
  );
}

async function many(
  files: Readonly<Record<string, string>>,
): Promise<{ cwd: string; sources: readonly Source[] }> {
  const cwd = await folderWith(files);
  return { cwd, sources: findSources(Object.keys(files), worldOf(cwd)).sources };
}

describe("checking in a pool", () => {
  it("answers what one thread answers, in the order of the sources", async () => {
    const files = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [
        `c${index}.yaml`,
        // Large ones among small ones, so that later sources are done before earlier ones.
        index % 7 === 0
          ? `${weather}${"# filler\n".repeat(20_000)}`
          : weather.replace(
              "auth_type_ref: api_key",
              index % 3 === 0 ? "auth_type_ref: api_kee" : "auth_type_ref: api_key",
            ),
      ]),
    );
    const { cwd, sources } = await many(files);
    const withStdin: readonly Source[] = [
      ...sources.slice(0, 20),
      { name: "-", stdin: true },
      ...sources.slice(20),
    ];
    const missing: readonly Source[] = [...withStdin, { name: "gone.yaml", path: join(cwd, "gone.yaml") }];
    const pooled = await all(checkInPool(missing, settings, worldOf(cwd), workers));
    expect(pooled).toEqual(await all(checkFiles(missing, settings, worldOf(cwd))));
    expect(told(pooled)[3]).toBe("c3.yaml style/documentation-url,reference/unknown-profile");
    expect(told(pooled).at(-1)).toMatch(/^cannot open gone\.yaml/);
  });

  it("says of the file at which a thread died that it did, and checks all others", async () => {
    const names = ["a.yaml", "exits.yaml", "b.yaml", "throws.yaml", "exits-too.yaml", "c.yaml", "d.yaml"];
    const { cwd, sources } = await many(Object.fromEntries(names.map((name) => [name, weather])));
    expect(told(await all(checkInPool(sources, settings, worldOf(cwd), workers)))).toEqual([
      "a.yaml style/documentation-url",
      "cannot validate exits.yaml: the thread that read it died (exit code 7); please report it with the descriptor",
      "b.yaml style/documentation-url",
      "cannot validate throws.yaml: the thread that read it died (a wrench in the works); please report it with the descriptor",
      "cannot validate exits-too.yaml: the thread that read it died (exit code 7); please report it with the descriptor",
      "c.yaml style/documentation-url",
      "d.yaml style/documentation-url",
    ]);
  });

  it("does the work itself where no thread comes to life", async () => {
    const { cwd, sources } = await many({ "a.yaml": weather, "b.yaml": "a: 1", "c.yaml": weather });
    const lifeless = { ...workers, program: join(cwd, "absent.mjs") };
    const answers = told(await all(checkInPool(sources, settings, worldOf(cwd), lifeless)));
    expect(answers).toEqual([
      "a.yaml style/documentation-url",
      expect.stringMatching(/^b\.yaml structure\/.+/),
      "c.yaml style/documentation-url",
    ]);
  });

  it("ends its threads when nobody wants further answers", async () => {
    const { cwd, sources } = await many(
      Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`c${index}.yaml`, weather])),
    );
    const answers = checkInPool(sources, settings, worldOf(cwd), workers);
    expect(await answers.next()).toMatchObject({ done: false, value: { name: "c0.yaml" } });
    expect(await answers.return(undefined)).toMatchObject({ done: true });
    expect(process.getActiveResourcesInfo()).not.toContain("Worker");
  });
});

describe("how many threads a run is worth", () => {
  const large = `${weather}${"# filler\n".repeat(10_000)}`;

  it("is none for few or small files, and never more than the machine runs at once", async () => {
    const few = await many({ "a.yaml": large, "b.yaml": large });
    const small = await many(
      Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`${i}.yaml`, weather])),
    );
    const lots = await many(Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`${i}.yaml`, large])));
    const most = (found: { sources: readonly Source[] }, cores: number) =>
      workersFor(found.sources, { workers: { ...workers, most: cores } })?.most;
    expect([most(few, 8), most(small, 8), most(lots, 1)]).toEqual([undefined, undefined, undefined]);
    expect([most(lots, 2), most(lots, 4), most(lots, 64)]).toEqual([2, 4, 6]);
    expect(workersFor(lots.sources, {})).toBeUndefined();
  });
});
