/** The calls of a held-out connector as a program that a user would write. */
import { createClientModel } from "../../../../compiler/emit/typescript/client-model.ts";
import type { Connector } from "../../../../schema/ir.ts";
import type { HeldOutCall } from "./held-out.ts";

/** A file beside the client's folder, which compiles where every call fits the client's types. */
export function callerOf(ir: Connector, folder: string, calls: readonly HeldOutCall[]): string {
  const model = createClientModel(ir);
  const lines = calls.map(({ operation, params, records }) => {
    const method = model.operations.find(({ operation: { id } }) => id === operation)?.method;
    const call = `client.${method}(${params === undefined ? "" : expression(params)})`;
    return records ? `  for await (const record of ${call}) void record;` : `  await ${call};`;
  });
  return [
    `import type { ${model.client} } from "./${folder}/index.js";`,
    `export async function run(client: ${model.client}): Promise<void> {`,
    ...lines,
    "}\n",
  ].join("\n");
}

function expression(value: unknown): string {
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof Blob) return "new Blob([])";
  if (value instanceof Date) return `new Date(${value.getTime()})`;
  if (value instanceof Uint8Array) return `new Uint8Array([${value.join(", ")}])`;
  if (Array.isArray(value)) return `[${value.map(expression).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([key, item]) => `${JSON.stringify(key)}: ${expression(item)}`)
    .join(", ")} }`;
}
