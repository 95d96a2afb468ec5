import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { generate } from "../../schema/generate.ts";

describe("the generated files", async () => {
  const files = await generate();
  it.each([...files.keys()])("%s is what the parts say (else run: npm run generate)", async (path) => {
    const written = await readFile(new URL(`../../${path}`, import.meta.url), "utf8");
    expect(written === files.get(path), `${path} is out of date`).toBe(true);
  });

  it("come out the same twice", async () => {
    expect(await generate()).toEqual(files);
  });

  it.each([...files].filter(([path]) => path.endsWith(".js")))(
    "%s needs nothing else and makes no code",
    (_path, text) => {
      // ajv's helper keeps its own address as a text, which is no call.
      expect(/\bimport\b|(?<!['"])\brequire\(|new Function|\beval\(|\bawait\b/.test(text)).toBe(false);
    },
  );
});
