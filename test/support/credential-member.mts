/** One process that calls with a shared credential: so many callers at once when told so, and says how many were answered. */
import { createRuntime } from "../../runtime/index.ts";
import { createRedisState } from "../../runtime/redis/index.ts";
import type { Connector } from "../../schema/ir.ts";

const task: { url: string; keyPrefix: string; origin: string; host: string; ir: Connector; callers: number } =
  JSON.parse(process.argv[2] ?? "");
const state = await createRedisState({ url: task.url, keyPrefix: task.keyPrefix });
const runtime = createRuntime({
  state,
  secrets: { key: "a key that all processes know" },
  network: { allow: [task.host] },
});
const connection = runtime.connect(task.ir, {
  credentials: { client_id: "id", client_secret: "secret" },
  config: { base_url: task.origin },
});
process.stdout.write("ready\n");
await new Promise((resolve) => process.stdin.once("data", resolve));
const outcomes = await Promise.all(Array.from({ length: task.callers }, () => connection.attempt("op")));
const failed = outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.error.code]));
await runtime.close();
await state.close();
process.stdout.write(`${JSON.stringify({ answered: outcomes.length - failed.length, failed })}\n`, () =>
  process.exit(0),
);
