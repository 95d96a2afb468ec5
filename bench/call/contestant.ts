/** One engine in a process of its own: makes as many calls as the parent asks for, and answers with what they cost. */
import { concurrency, type EngineName, engines } from "./engines.ts";

interface Task {
  readonly engine: EngineName;
  readonly origin: string;
  readonly ir: unknown;
  readonly peers: string;
}

let call: (() => Promise<unknown>) | undefined;

process.on("message", async (message: Task | number) => {
  if (typeof message === "number") process.send?.(await costOf(message));
  else {
    call = await engines[message.engine](message.origin, message.ir, message.peers);
    process.send?.(0);
  }
});
process.on("disconnect", () => process.exit());

/** Microseconds of CPU, user and system, a call. */
async function costOf(calls: number): Promise<number> {
  const one = call;
  if (!one) throw new Error("The engine must be set up first.");
  let left = calls;
  const before = process.cpuUsage();
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      while (left-- > 0) {
        if (!isRight(await one())) throw new Error("A wrong answer.");
      }
    }),
  );
  const { user, system } = process.cpuUsage(before);
  return (user + system) / calls;
}

function isRight(answer: unknown): boolean {
  if (typeof answer !== "object" || answer === null) return false;
  return "total" in answer || ("data" in answer && isRight(answer.data));
}
