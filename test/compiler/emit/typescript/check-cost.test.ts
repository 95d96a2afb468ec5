/** What a client costs the type check of its user, counted in types that are filled in, not in time. */
import { expect, it } from "vitest";
import { emitTypeScript } from "../../../../compiler/emit/typescript/index.ts";
import type { Connector, Operation } from "../../../../schema/ir.ts";
import { connector, operation, parameter } from "../support/ir.ts";
import { instantiationsOf } from "../support/type-check.ts";

const plain = (index: number): Operation =>
  operation(`read_${index}`, {
    parameters: [parameter("id", { required: true })],
    schema: { type: "object", properties: { [`only_${index}`]: { type: "string" } } },
  });
const listing = (index: number): Operation =>
  operation(`list_${index}`, {
    pages: true,
    records: "$.items",
    schema: {
      type: "object",
      properties: {
        items: { type: "array", items: { type: "object", properties: { [`only_${index}`]: {} } } },
      },
    },
  });

/** As many operations of each kind. */
function client(count: number): Connector {
  const kinds = [plain, listing];
  return connector({
    operations: Array.from({ length: count }, (_, index) => kinds.map((of) => of(index))).flat(),
  });
}

it("costs a type check a handful of types for each operation", async () => {
  const few = instantiationsOf(await emitTypeScript(client(5)));
  const more = instantiationsOf(await emitTypeScript(client(25)));
  // The class of a call, held against its interface in each method, takes 165.
  expect((more - few) / 40).toBeLessThan(10);
});
