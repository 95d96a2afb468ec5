/**
 * Makes everything that comes from `schema/parts` and `schema/config.schema.json`: the JSON Schema for editors, its TypeScript types, and the
 * precompiled validators. `tsx schema/generate.ts` writes the files; a test compares them with `generate()`.
 */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { assemble } from "./generate/assemble.ts";
import { checkModule } from "./generate/check.ts";
import { metaSchema } from "./generate/meta-schema.ts";
import { isSchemaNode, type SchemaNode } from "./generate/schema-node.ts";
import { shapeDeclaration, shapeModule, shapesDeclaration, shapesModule } from "./generate/shapes.ts";
import { descriptorTypes } from "./generate/types.ts";
import { standaloneValidator, validatorDeclaration } from "./generate/validator.ts";

const root: string = dirname(dirname(fileURLToPath(import.meta.url)));

/** Every generated file: its path below the repository's root, and its text. */
export async function generate(): Promise<ReadonlyMap<string, string>> {
  const schema = assemble(await readParts());
  const config = await readSchema("schema/config.schema.json");
  const meta = await metaSchema();
  return new Map([
    ["schema/descriptor.schema.json", `${JSON.stringify(schema, null, 2)}\n`],
    ["schema/descriptor.ts", await descriptorTypes(schema)],
    ["compiler/validate/shapes.gen.js", shapesModule(schema)],
    ["compiler/validate/shapes.gen.d.ts", shapesDeclaration],
    ["compiler/validate/descriptor.gen.js", await standaloneValidator(schema, true)],
    ["compiler/validate/descriptor.gen.d.ts", validatorDeclaration],
    ["compiler/validate/descriptor-check.gen.ts", checkModule(schema)],
    ["compiler/validate/meta-schema.gen.js", await standaloneValidator(meta, false)],
    ["compiler/validate/meta-schema.gen.d.ts", validatorDeclaration],
    ["compiler/validate/meta-schema-check.gen.ts", checkModule(meta)],
    ["compiler/config/shape.gen.js", shapeModule(config)],
    ["compiler/config/shape.gen.d.ts", shapeDeclaration],
    ["compiler/config/config.gen.js", await standaloneValidator(config, true)],
    ["compiler/config/config-check.gen.ts", checkModule(config, "../validate/checks.ts")],
    ["compiler/config/config.gen.d.ts", validatorDeclaration],
  ]);
}

/** The texts of `schema/parts`, in the order of their names, the root first. */
async function readParts(): Promise<readonly string[]> {
  const folder = join(root, "schema/parts");
  const names = (await readdir(folder)).filter((name) => name.endsWith(".yaml")).sort();
  return Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
}

/** A schema of the repository that is written by hand. */
async function readSchema(path: string): Promise<SchemaNode> {
  const schema: unknown = JSON.parse(await readFile(join(root, path), "utf8"));
  if (!isSchemaNode(schema)) throw new Error(`${path} is no schema`);
  return schema;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, text] of await generate()) await writeFile(join(root, path), text);
}
