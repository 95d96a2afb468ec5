import type { World } from "../world.ts";

/** `connector schema`: the JSON Schema of descriptors, for editors and other validators. */
export async function schemaCommand(world: World): Promise<0> {
  const { default: schema } = await import("../../schema/descriptor.schema.json", { with: { type: "json" } });
  await world.stdout.write(`${JSON.stringify(schema, undefined, 2)}\n`);
  return 0;
}
