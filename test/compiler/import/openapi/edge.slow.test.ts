/** Small documents, each of one odd thing: all that has operations is carried over whole. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { createDiskHost } from "../../../../compiler/disk-host.ts";
import { importDocument } from "../../../../compiler/import/import.ts";
import { ImportFailure } from "../../../../compiler/import/importer.ts";

const root = fileURLToPath(new URL("../../../../../shared/corpus/openapi/edge", import.meta.url));

describe("odd OpenAPI documents", () => {
  it("are carried over, or have no operation", async () => {
    if (!existsSync(root)) {
      console.warn("SKIPPED: the odd documents are not at hand (expected beside the repository)");
      return;
    }
    const wrong: string[] = [];
    let carried = 0;
    for (const file of readdirSync(root, { recursive: true, encoding: "utf8" })) {
      if (!/\.(?:ya?ml|json)$/.test(file)) continue;
      const path = join(root, file);
      const bytes = readFileSync(path);
      if (!/"?(?:openapi|swagger)"?\s*:/.test(bytes.toString().slice(0, 3000))) continue;
      const host = createDiskHost(dirname(path));
      try {
        const { connectors } = await importDocument({
          name: file,
          format: "openapi",
          bytes,
          select: [],
          mcp: ["*"],
          host,
        });
        carried += 1;
        for (const { operations, lost } of connectors)
          if (
            operations.carried !== operations.found ||
            lost.some(({ message }) => message.startsWith("Left out"))
          )
            wrong.push(file);
      } catch (error) {
        const isEmpty =
          error instanceof ImportFailure && error.message.endsWith("has no operation under `paths`");
        if (!isEmpty) wrong.push(`${file}: ${String(error)}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(carried).toBeGreaterThan(100);
  });
});
