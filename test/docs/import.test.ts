/** `docs/import.md`: its example is what an import makes, and its bounds are those that hold. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { formats } from "../../compiler/import/formats.ts";
import { importDocument } from "../../compiler/import/import.ts";
import { maxSourceBytes } from "../../compiler/import/read-source.ts";

const page = readFileSync(new URL("../../docs/import.md", import.meta.url), "utf8");
const block = (info: string): string =>
  page.split(`\`\`\`${info}\n`)[1]?.split("```")[0] ?? `no block ${info}`;

describe("docs/import.md", () => {
  it("shows what becomes of its document", async () => {
    const { connectors } = await importDocument({
      name: "pets.yaml",
      bytes: block("yaml source"),
      select: [],
      mcp: [],
    });
    expect(connectors[0]?.files).toEqual([{ path: "connector.yaml", text: block("yaml descriptor") }]);
    expect(connectors[0]?.lost).toEqual([]);
  });

  it("lists every format, and says how large a source may be", () => {
    for (const format of Object.keys(formats)) expect(page).toContain(`| [\`${format}\`](#${format}) |`);
    expect(page).toContain(`at most ${maxSourceBytes / 1024 / 1024} MiB`);
  });
});
