import { inspect } from "node:util";
import { build } from "esbuild";
import { expect, it } from "vitest";

it("an error shows under its own name, bundled too", async () => {
  const { outputFiles } = await build({
    entryPoints: ["runtime/errors.ts"],
    absWorkingDir: new URL("../..", import.meta.url).pathname,
    bundle: true,
    format: "esm",
    target: "node20.19",
    write: false,
  });
  const bundled = await import(
    `data:text/javascript;base64,${Buffer.from(outputFiles[0]?.contents ?? "").toString("base64")}`
  );
  const error = new bundled.ConnectorError({ code: "internal", phase: "request", message: "went wrong" });
  for (const one of [error, error.with({ attempts: 1 })])
    expect(inspect(one)).toMatch(/^ConnectorError: went wrong\n/);
});
