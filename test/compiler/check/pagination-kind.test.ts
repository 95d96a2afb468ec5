import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { compile } from "../../../compiler/index.ts";

const base = readFileSync(new URL("../../support/base.yaml", import.meta.url), "utf8");

it.each(["constructor", "toString", "valueOf", "hasOwnProperty", "isPrototypeOf"])(
  "says of `type: %s` that it is no kind of paging",
  async (word) => {
    const text = base.replace("      type: cursor\n", `      type: ${word}\n`);
    const { ir, diagnostics } = await compile(text);
    expect(ir).toBeUndefined();
    expect(diagnostics.map(({ path, severity }) => `${severity} ${path}`)).toEqual([
      "error /operations/0/pagination/type",
    ]);
  },
);
