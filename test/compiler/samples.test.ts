import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { catalog } from "../../compiler/catalog.ts";
import { compileText } from "../../compiler/compile.ts";
import { createDiskHost } from "../../compiler/disk-host.ts";
import type { Policy } from "../../compiler/policy.ts";
import { createRenderer } from "../../compiler/render.ts";

/**
 * One folder a rule: `connector.yaml` (or `connector.json`, or `repeat.json`, which says what to repeat for a file
 * too large to keep) and `report.txt`, what the user sees. A rule that is off by default has a `policy.json` beside
 * it, such as `{ "preset": "strict" }`. `UPDATE=1` writes the reports anew.
 */
const samples = new URL("../samples/", import.meta.url);
const update = process.env.UPDATE === "1";

const folders = readdirSync(samples).flatMap((area) =>
  readdirSync(new URL(`${area}/`, samples)).map((name) => `${area}/${name}`),
);

function input(folder: string): { readonly bytes: Uint8Array; readonly format: "yaml" | "json" } {
  const file = (name: string): URL => new URL(`${folder}/${name}`, samples);
  if (existsSync(file("repeat.json"))) {
    const {
      head = "",
      text,
      times,
    } = JSON.parse(readFileSync(file("repeat.json"), "utf8")) as {
      head?: string;
      text: string;
      times: number;
    };
    return { bytes: Buffer.from(head + text.repeat(times)), format: "yaml" };
  }
  const format = existsSync(file("connector.json")) ? "json" : "yaml";
  return { bytes: readFileSync(file(`connector.${format}`)), format };
}

/** The policy of a sample: what `policy.json` says, or none. */
function policyOf(folder: string): Policy {
  const file = new URL(`${folder}/policy.json`, samples);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Policy) : {};
}

describe("each rule's sample is reported as its page shows", () => {
  test.each(folders)("%s", async (folder) => {
    const { bytes, format } = input(folder);
    const { diagnostics, text } = await compileText(bytes, {
      file: `connector.${format}`,
      format,
      policy: policyOf(folder),
      host: createDiskHost(fileURLToPath(new URL(`${folder}/`, samples))),
    });
    const render = createRenderer(text, { color: false });
    const report = diagnostics.map(render).join("\n");
    const expected = new URL(`${folder}/report.txt`, samples);
    if (update) writeFileSync(expected, report);
    expect(report).toBe(readFileSync(expected, "utf8"));
    expect([...new Set(diagnostics.map(({ rule }) => rule))]).toEqual([folder]);
  });
});

test("every rule has a sample, and every sample a rule", () => {
  expect(folders.sort()).toEqual(Object.keys(catalog).sort());
});
