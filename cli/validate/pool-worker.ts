/** The work of a thread of the pool. */
import { type MessagePort, parentPort } from "node:worker_threads";
import { limitHeapGrowth } from "../heap-growth.ts";
import { checkFile } from "./check-file.ts";
import type { Answer, Task } from "./pool-messages.ts";

/** Makes the thread that calls it one of the pool's. */
export function serveAsWorker(): void {
  if (parentPort) serveChecks(parentPort);
}

/** Checks what the port asks for, one source after the other, until the thread is ended. */
export function serveChecks(port: MessagePort): void {
  const say = (answer: Answer): void => port.postMessage(answer);
  let last: Promise<unknown> = Promise.resolve();
  // The port's other end is our own pool.
  port.on("message", (task: Task) => {
    last = last.then(async () => say(await answerTo(task)));
  });
  say({ kind: "started" });
}

async function answerTo({ source, policy, cwd }: Task): Promise<Answer> {
  try {
    return {
      kind: "checked",
      checked: await checkFile(source, policy, { cwd, readStdin: noStdin, limitHeap: limitHeapGrowth }),
    };
  } catch (error) {
    return { kind: "fault", message: error instanceof Error ? error.message : String(error) };
  }
}

/** Standard input belongs to the main thread, which keeps such sources to itself. */
function noStdin(): Promise<never> {
  return Promise.reject(new Error("a worker has no standard input"));
}
