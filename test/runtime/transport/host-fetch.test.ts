import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** In a process of its own: what an import leaves behind in `globalThis`. */
function after(specifier: string): string {
  const script = `await import(${JSON.stringify(specifier)});
    console.log(Object.getOwnPropertySymbols(globalThis).map(String).filter((name) => name.includes("undici")).join());`;
  return execFileSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
    cwd: root,
    encoding: "utf8",
  }).trim();
}

it("leaves the dispatcher of the host's fetch alone", () => {
  expect(after("./runtime/transport/undici-transport.ts")).toBe("");
});

it("would be seen: undici's root replaces it", () => {
  expect(after("undici")).toContain("undici.globalDispatcher");
});
