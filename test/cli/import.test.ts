import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { formatNames } from "../../cli/usage/import.ts";
import { formats } from "../../compiler/import/formats.ts";
import { folderWith, json, type Ran, run } from "./support.ts";

const petstore = `openapi: 3.1.0
info: { title: Pet Store, version: "7", description: Pets and where they live. }
servers: [{ url: "https://pets.example.com/v1" }]
security: [{ key: [] }]
paths:
  /pets:
    get:
      operationId: listPets
      summary: List the pets
      tags: [pets]
      parameters:
        - { name: limit, in: query, schema: { type: integer, maximum: 100 } }
      responses: { "200": { description: ok, content: { application/json: { schema: { type: array, items: { $ref: "#/components/schemas/Pet" } } } } } }
  /pets/{petId}:
    get:
      operationId: getPet
      summary: Read a pet
      tags: [pets]
      parameters: [{ name: petId, in: path, required: true, schema: { type: string } }]
      responses: { "200": { description: ok, content: { application/json: { schema: { $ref: "#/components/schemas/Pet" } } } } }
  /owners:
    get:
      operationId: listOwners
      summary: List the owners
      tags: [owners]
      responses: { "204": { description: none } }
components:
  securitySchemes: { key: { type: apiKey, in: header, name: X-Key } }
  schemas:
    Pet: { type: object, required: [id], properties: { id: { type: integer }, name: { type: string } } }
`;
const descriptor = "out/pet-store/connector.yaml";

async function imported(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const cwd = await folderWith({ "pets.yaml": petstore, ...files });
  expect(await run(["import", "pets.yaml", "--out", "out"], { cwd })).toMatchObject({ code: 0 });
  return cwd;
}

const text = (cwd: string, path = descriptor): Promise<string> => readFile(join(cwd, path), "utf8");
const update = (cwd: string): Promise<Ran> =>
  run(["import", "pets.yaml", "--out", "out", "--update"], { cwd });

describe("connector import", () => {
  it("offers every format that there is", () => {
    expect([...formatNames].sort()).toEqual(Object.keys(formats).sort());
  });

  it("writes a descriptor that validates, and says what it did", async () => {
    const cwd = await imported();
    expect(await run(["validate", "out"], { cwd })).toMatchObject({ code: 0 });
    expect(await text(cwd)).toContain("operation_id: list_pets");
    expect(await text(cwd)).toContain('X-Key: "{key}"');
  });

  it("prints the descriptor where no folder is named, and reads standard input", async () => {
    const cwd = await folderWith({});
    const ran = await run(["import", "openapi", "-"], { cwd, stdin: petstore });
    expect(ran).toMatchObject({ code: 0, stdout: expect.stringContaining("slug: pet-store") });
    expect(ran.stderr).toBe("pet-store: 3 of 3 operations, 0 notes\n");
  });

  it("names what of a catalogue no descriptor can say, and writes the others", async () => {
    const entry = (mode: string): object => ({
      display_name: mode,
      auth_mode: mode,
      proxy: { base_url: "https://api.example.com" },
    });
    const cwd = await folderWith({ "p.json": JSON.stringify({ one: entry("NONE"), two: entry("SMOKE") }) });
    const ran = await run(["import", "p.json", "--out", "out"], { cwd });
    expect(ran).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("two: two cannot be said: the mode SMOKE\n"),
    });
    expect(await text(cwd, "out/one/connector.yaml")).toContain("https://api.example.com");
  });

  it("tells what was not carried over, to programs too", async () => {
    const cwd = await folderWith({ "pets.yaml": `${petstore}webhooks: { newPet: {} }\n` });
    const ran = await run(["import", "pets.yaml", "--out", "out", "--report", "json"], { cwd });
    expect(JSON.parse(ran.stderr)).toEqual({
      format: "openapi",
      refused: [],
      connectors: [
        {
          slug: "pet-store",
          files: ["connector.yaml"],
          operations: { found: 3, carried: 3 },
          not_carried: [{ at: "/webhooks", message: "Webhooks are not carried over: newPet." }],
        },
      ],
    });
    expect(await text(cwd)).toContain("# Webhooks are not carried over: newPet.");
  });

  it.each([
    ["a tag", "owners", ["list_owners"]],
    ["an operation", "getPet", ["get_pet"]],
    ["a path", "/pets/**", ["get_pet"]],
    ["a glob over ids", "list_*", ["list_pets", "list_owners"]],
  ])("imports what --select names by %s", async (_, glob, ids) => {
    const cwd = await folderWith({ "pets.yaml": petstore });
    const { stdout } = await run(["import", "pets.yaml", "--select", glob], { cwd });
    expect([...stdout.matchAll(/operation_id: (\w+)/g)].map(([, id]) => id)).toEqual(ids);
  });

  it("says what --select takes where nothing matches", async () => {
    const cwd = await folderWith({ "pets.yaml": petstore });
    const ran = await run(["import", "pets.yaml", "--select", "cats"], { cwd });
    expect(ran).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("matches none of the 3 operations"),
    });
  });

  it("makes MCP tools of what --mcp names", async () => {
    const cwd = await folderWith({ "pets.yaml": petstore });
    const { stdout } = await run(["import", "pets.yaml", "--mcp", "pets"], { cwd });
    expect([...stdout.matchAll(/mcp_tool_name: (\w+)/g)].map(([, name]) => name)).toEqual([
      "list_pets",
      "get_pet",
    ]);
  });

  it("overwrites nothing that stands there, unless forced", async () => {
    const cwd = await imported();
    await writeFile(join(cwd, descriptor), "mine\n");
    const ran = await run(["import", "pets.yaml", "--out", "out"], { cwd });
    expect(ran).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--update, or overwrite with --force"),
    });
    expect(await text(cwd)).toBe("mine\n");
    expect(await run(["import", "pets.yaml", "--out", "out", "--force"], { cwd })).toMatchObject({ code: 0 });
  });

  const postman = (path: string, mine: string): string =>
    JSON.stringify({
      info: { name: "Shop", schema: "https://schema.getpostman.com/json/collection/v2.1.0/collection.json" },
      item: [
        { name: "Read", item: [{ name: "List things", request: `https://api.shop.example${path}` }] },
        { name: mine, request: "https://api.shop.example/other" },
      ],
    });
  const har = (path: string): string =>
    JSON.stringify({
      log: {
        entries: [path, "/other"].map((end) => ({
          request: { method: "GET", url: `https://api.shop.example${end}`, headers: [] },
          response: { status: 200, headers: [], content: { mimeType: "application/json", text: "{}" } },
        })),
      },
    });

  it.each([
    ["a collection", postman("/things", "Other"), postman("/items", "Other"), "list_things", "read"],
    ["a recording", har("/things"), har("/items"), "get_things", "things"],
  ])("updates from %s, and makes tools of it", async (_, before, after, id, tag) => {
    const cwd = await folderWith({ "source.json": before });
    const again = (): Promise<Ran> => run(["import", "source.json", "--out", "out", "--update"], { cwd });
    expect(await run(["import", "source.json", "--out", "out", "--mcp", tag], { cwd })).toMatchObject({
      code: 0,
    });
    expect(await text(cwd, "out/shop/connector.yaml")).toContain(`mcp_tool_name: ${id}`);
    expect(await run(["import", "source.json", "--out", "out", "--force"], { cwd })).toMatchObject({
      code: 0,
    });
    const made = await text(cwd, "out/shop/connector.yaml");
    expect(await again()).toMatchObject({ code: 0, stdout: "" });
    await writeFile(join(cwd, "out/shop/connector.yaml"), `# mine\n${made}`);
    await writeFile(join(cwd, "source.json"), after);
    expect(await again()).toMatchObject({ code: 0 });
    const updated = await text(cwd, "out/shop/connector.yaml");
    expect([updated.startsWith("# mine"), updated.includes("/items"), updated.includes("/things")]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it.each([
    ["no such file", ["import", "none.yaml"], 2, "cannot open none.yaml"],
    ["an unknown format", ["import", "raml", "pets.yaml"], 1, "there is no format raml"],
    ["a format alone", ["import", "openapi"], 2, "name the file to import as openapi"],
    ["something else", ["import", "other.json"], 1, "cannot tell what other.json is"],
    ["an update without a folder", ["import", "pets.yaml", "--update"], 2, "--update needs --out"],
  ] as const)("answers %s with a sentence", async (_, argv, code, sentence) => {
    const cwd = await folderWith({ "pets.yaml": petstore, "other.json": '{ "a": 1 }' });
    expect(await run(argv, { cwd })).toMatchObject({
      code,
      stdout: "",
      stderr: expect.stringContaining(sentence),
    });
  });
});

describe("connector import --update", () => {
  it("rewrites nothing where the source is as it was", async () => {
    const cwd = await imported();
    const mine = (await text(cwd)).replace("summary: List the pets", "summary: All pets of the shop");
    await writeFile(join(cwd, descriptor), mine);
    const { ino, mtimeMs } = await stat(join(cwd, descriptor));
    expect(await update(cwd)).toMatchObject({ code: 0, stdout: "" });
    expect(await stat(join(cwd, descriptor))).toMatchObject({ ino, mtimeMs });
    expect(await text(cwd)).toBe(mine);
  });

  it("keeps what the author changed, comments too, and brings what the source changed", async () => {
    const cwd = await imported();
    const mine = (await text(cwd))
      .replace("summary: List the pets", "summary: All pets of the shop # said by sales")
      .replace("operation_id: list_owners", "operation_id: list_people")
      .concat("\nsla: { availability_percentage: 99.9 }\n");
    await writeFile(join(cwd, descriptor), mine);
    await writeFile(
      join(cwd, "pets.yaml"),
      petstore.replace("maximum: 100", "maximum: 500").replace("Read a pet", "Read one pet"),
    );
    expect(await update(cwd)).toMatchObject({ code: 0, stdout: `${descriptor}\n` });
    const now = await text(cwd);
    expect(now).toBe(mine.replace("maximum: 100", "maximum: 500").replace("Read a pet", "Read one pet"));
    expect(await run(["validate", "out"], { cwd })).toMatchObject({ code: 0 });
  });

  it("shows what both changed, keeps the author's, and shows it once", async () => {
    const cwd = await imported();
    await writeFile(join(cwd, descriptor), (await text(cwd)).replace("Read a pet", "Fetch a pet"));
    await writeFile(join(cwd, "pets.yaml"), petstore.replace("Read a pet", "Read one pet"));
    const ran = await update(cwd);
    expect(ran).toMatchObject({ code: 1 });
    expect(ran.stderr).toContain("-     summary: Fetch a pet\n  +     summary: Read one pet");
    expect(await text(cwd)).toContain("summary: Fetch a pet");
    expect(await update(cwd)).toMatchObject({ code: 0, stdout: "" });
  });

  it("puts operations that both added one after another", async () => {
    const cwd = await imported();
    const own = "  - { operation_id: ping, endpoint: /ping, summary: Ping, auth_type_ref: key }\n";
    const mine = (await text(cwd)).replace("\nschemas:", `${own}\nschemas:`);
    await writeFile(join(cwd, descriptor), mine);
    const added = "  /cages:\n    get: { operationId: listCages, summary: List the cages, responses: {} }\n";
    await writeFile(join(cwd, "pets.yaml"), petstore.replace("components:", `${added}components:`));
    expect(await update(cwd)).toMatchObject({ code: 0 });
    expect([...(await text(cwd)).matchAll(/operation_id: (\w+)/g)].map(([, id]) => id)).toEqual([
      ...["list_pets", "get_pet", "list_owners", "ping", "list_cages"],
    ]);
    expect(await run(["validate", "out"], { cwd })).toMatchObject({ code: 0 });
  });

  it("keeps the base where no search of descriptors finds it, and refuses to guess without it", async () => {
    const cwd = await imported();
    expect(await readdir(join(cwd, "out/pet-store"))).toEqual([".connector-import", "connector.yaml"]);
    const other = await folderWith({ "pets.yaml": petstore, [descriptor]: "metadata: {}\n" });
    expect(await update(other)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("the base of its last import"),
    });
    expect(json(await run(["validate", "out", "--format", "json"], { cwd }))).toMatchObject({
      files: 1,
    });
  });
});
