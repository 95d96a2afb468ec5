import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** In a process of its own: what imports leave behind in `globalThis`, and how many files of undici they loaded. */
function after(...specifiers: readonly string[]): { readonly left: string; readonly files: number } {
  const script = `import { createRequire } from "node:module";
    for (const specifier of ${JSON.stringify(specifiers)}) await import(specifier);
    const left = Object.getOwnPropertySymbols(globalThis).map(String).filter((name) => name.includes("undici")).join();
    const { cache } = createRequire(${JSON.stringify(`${root}package.json`)});
    const files = Object.keys(cache).filter((name) => name.includes("/undici/")).length;
    console.log(JSON.stringify({ left, files }));`;
  return JSON.parse(
    execFileSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
      cwd: root,
      encoding: "utf8",
    }),
  );
}

it("leaves the dispatcher of the host's fetch alone, and undici unloaded until a runtime is made", () => {
  expect(after("./runtime/index.ts")).toEqual({ left: "", files: 0 });
});

it("leaves it alone when connections are made", () => {
  const { left, files } = after("./runtime/index.ts", "./runtime/transport/connection.ts");
  expect(left).toBe("");
  expect(files).toBeGreaterThan(5);
});

it("would be seen: undici's root replaces it", () => {
  expect(after("undici").left).toContain("undici.globalDispatcher");
});
