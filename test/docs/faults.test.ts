/** `docs/faults.md` against the faults of the harness; `UPDATE=1` writes it. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { faultPage } from "./fault-page.ts";

const page = new URL("../../docs/faults.md", import.meta.url);

test("docs/faults.md tells of every fault what the harness expects", () => {
  const text = faultPage();
  if (process.env.UPDATE === "1") writeFileSync(page, text);
  expect(existsSync(page) ? readFileSync(page, "utf8") : "").toBe(text);
});
