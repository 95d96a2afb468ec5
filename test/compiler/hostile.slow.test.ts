/** Every class of hostile input against the built program. Its time is held exactly by `bench/hostile.ts`. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hostileCases } from "../../bench/hostile/cases.ts";
import { bounds, runCase } from "../../bench/hostile/run.ts";

/** A busy machine makes processors slower, too. */
const generous = 5;

describe("hostile input is answered", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "connector-hostile-"));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it.concurrent.each(hostileCases.map((one) => [one.title, one] as const))("%s", async (_, one) => {
    const { code, stdout, stderr, processorSeconds, mebibytes } = await runCase(
      one,
      mkdtempSync(join(folder, "case-")),
    );
    expect([0, 1]).toContain(code);
    expect(stderr).toBe("");
    expect(mebibytes).toBeLessThan(bounds.mebibytes);
    expect(processorSeconds).toBeLessThan(generous * bounds.seconds);
    expect(stdout.length).toBeLessThan(4 * 1024 * 1024);
    expect(stdout).toMatch(/1 file: /);
    expect(stdout).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/);
  });
});
