/**
 * What the schema check of an answer costs, as a multiple of its parse: interleaved rounds, the median. Promise: at
 * most 1.5 on 1 KB. Run with `npx tsx bench/schema-check.ts`.
 */
import { createSchemaCheck } from "../schema/language/schema-check/index.ts";

const user = {
  type: "object",
  required: ["login"],
  properties: { login: { type: "string" }, id: { type: "integer" }, admin: { type: "boolean" } },
};
const schema = {
  type: "array",
  items: {
    type: "object",
    required: ["id", "title"],
    properties: {
      id: { type: "integer" },
      title: { type: "string", maxLength: 200 },
      user,
      created: { type: "string", format: "date-time" },
      labels: { type: "array", items: { type: "string" } },
    },
  },
};
const row = {
  id: 1,
  title: "A title of some length",
  user: { login: "someone", id: 7, admin: false },
  created: "2024-01-02T03:04:05Z",
  labels: ["bug", "help"],
};
const text = JSON.stringify(Array(7).fill(row));
const value: unknown = JSON.parse(text);
const check = createSchemaCheck(schema, {});
if (check(value).length > 0) throw new Error("the value must fit its schema");

function timeOf(run: () => unknown): number {
  const start = performance.now();
  for (let round = 0; round < 2_000; round++) run();
  return performance.now() - start;
}

const ratios = Array.from({ length: 15 }, () => timeOf(() => check(value)) / timeOf(() => JSON.parse(text)));
const median = ratios.slice(4).sort((left, right) => left - right)[5] ?? 0;
console.log(`schema check / JSON.parse of ${text.length} bytes = ${median.toFixed(2)} (promise 1.5)`);
