import type { World } from "../world.ts";

/** What `connector schema --of` takes, and where each lies in the package. */
export type SchemaName = "descriptor" | "config" | "report" | "diff";

/** `connector schema`: a JSON Schema of this package, for editors and other validators. */
export async function schemaCommand(name: SchemaName, world: World): Promise<0> {
  const schema = await load(name);
  await world.stdout.write(`${JSON.stringify(schema, undefined, 2)}\n`);
  return 0;
}

async function load(name: SchemaName): Promise<unknown> {
  switch (name) {
    case "descriptor":
      return (await import("../../schema/descriptor.schema.json", { with: { type: "json" } })).default;
    case "config":
      return (await import("../../schema/config.schema.json", { with: { type: "json" } })).default;
    case "report":
      return (await import("../../schema/report.schema.json", { with: { type: "json" } })).default;
    case "diff":
      return (await import("../../schema/diff.schema.json", { with: { type: "json" } })).default;
  }
}
