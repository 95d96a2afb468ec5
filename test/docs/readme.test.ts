import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";
import { emitTypeScript } from "../../compiler/emit/typescript/index.ts";
import { compile, compileText } from "../../compiler/index.ts";
import { readData } from "../../compiler/read/data.ts";
import { createRenderer } from "../../compiler/render.ts";
import { startServer } from "../../runtime/testing/index.ts";
import { typeErrors } from "../compiler/emit/support/type-check.ts";

const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");

/** The text of the README's code block with this info string. */
function block(info: string): string {
  const found = new RegExp(`\`\`\`${info}\\n([\\s\\S]*?)\`\`\``).exec(readme)?.[1];
  if (found === undefined) throw new Error(`the README has no block ${info}`);
  return found;
}

test("the ten lines are a descriptor without findings", async () => {
  const text = block("yaml");
  expect(text.trimEnd().split("\n")).toHaveLength(10);
  expect((await compile(text)).diagnostics).toEqual([]);
});

test("the slip is reported as the README shows it", async () => {
  const slipped = block("yaml").replace("auth_type_ref: bearer", "auth_type_ref: beerer");
  const { diagnostics, text } = await compileText(slipped, { file: "desk.yaml" });
  expect(diagnostics.map(createRenderer(text, { color: false })).join("\n")).toBe(block("text"));
});

test("the typed client is what `build` emits, and its calls type-check", async () => {
  const { ir } = await compile(block("yaml"));
  if (!ir) throw new Error("the README's descriptor does not compile");
  const caller = block("ts client").replace("./clients/desk/index.js", "CLIENT");
  expect(typeErrors(await emitTypeScript(ir), caller)).toEqual([]);
});

test("the service's lines read every record from a server", async () => {
  const server = await startServer({
    "GET /api/tickets": ({ query }) =>
      query.get("cursor") === "two"
        ? { status: 200, json: { tickets: [{ id: "3" }], next: null } }
        : { status: 200, json: { tickets: [{ id: "1" }, { id: "2" }], next: "two" } },
  });
  const folder = await mkdtemp(join(tmpdir(), "readme-"));
  vi.stubEnv("DESK_TOKEN", "t-1");
  const printed = vi.spyOn(console, "log").mockImplementation(() => undefined);
  try {
    const descriptor = join(folder, "desk.yaml");
    await writeFile(descriptor, block("yaml").replace("https://desk.example.com", server.origin));
    const root = fileURLToPath(new URL("../../index.ts", import.meta.url));
    const program = block("ts service")
      .replace('"connectorc"', JSON.stringify(root))
      .replace(
        '"desk.yaml", {',
        `${JSON.stringify(descriptor)}, { network: { allow: [${JSON.stringify(`127.0.0.1:${server.port}`)}] },`,
      );
    await writeFile(join(folder, "service.ts"), program);
    await import(join(folder, "service.ts"));
    expect(printed.mock.calls.map(([ticket]) => ticket)).toEqual([{ id: "1" }, { id: "2" }, { id: "3" }]);
  } finally {
    printed.mockRestore();
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
    await server.close();
  }
});

test("the connection file is one for the ten lines", () => {
  expect(readData(block("yaml connection"))).toEqual({
    data: { connector: "desk", credentials: { token: "${DESK_TOKEN}" } },
  });
});
