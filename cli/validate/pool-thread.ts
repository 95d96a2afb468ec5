/** One thread of the pool, and the tasks that it has not answered. */
import { Worker } from "node:worker_threads";
import type { Workers } from "../world.ts";
import type { Checked } from "./check-file.ts";
import type { Answer, Task } from "./pool-messages.ts";

/** A task, and who waits for its answer. */
export interface Ticket {
  readonly task: Task;
  resolve(checked: Checked | Promise<Checked>): void;
  reject(error: unknown): void;
}

export interface Thread {
  /** Tasks that it holds; answered in the order in which they were given. */
  held(): number;
  give(ticket: Ticket): void;
  /** Ends it, whatever it works on; nobody hears of that. */
  end(): Promise<unknown>;
}

/** What a thread tells its pool. */
export interface ThreadEvents {
  answered(): void;
  /** It is gone: what it had not begun is to be done by another. `started` is false where it never came to life. */
  died(left: readonly Ticket[], started: boolean): void;
}

/** Starts a thread; undefined where the system gives none. */
export function startThread({ program }: Workers, events: ThreadEvents): Thread | undefined {
  const held: Ticket[] = [];
  let started = false;
  let ended = false;
  let reason: Error | undefined;
  const worker = openWorker(program);
  if (!worker) return undefined;
  // The other end is our own `pool-worker.ts`.
  worker.on("message", (answer: Answer) => {
    if (answer.kind === "started") started = true;
    else {
      settle(held.shift(), answer);
      events.answered();
    }
  });
  worker.on("error", (error) => {
    reason = error;
  });
  worker.on("exit", (code) => {
    if (ended) return;
    if (started) {
      const ticket = held.shift();
      ticket?.resolve({ problem: deathOf(ticket.task, reason, code) });
    }
    events.died(held, started);
  });
  return {
    held: () => held.length,
    give: (ticket) => {
      held.push(ticket);
      worker.postMessage(ticket.task);
    },
    end: () => {
      ended = true;
      return worker.terminate();
    },
  };
}

function openWorker(program: string): Worker | undefined {
  try {
    // What a thread writes of its own accord must not get into a report.
    return new Worker(program, { stdout: true, stderr: true });
  } catch {
    return undefined;
  }
}

function settle(ticket: Ticket | undefined, answer: Exclude<Answer, { kind: "started" }>): void {
  if (answer.kind === "checked") ticket?.resolve(answer.checked);
  else ticket?.reject(new Error(answer.message));
}

function deathOf({ source: { name } }: Task, reason: Error | undefined, code: number): string {
  if (reason && "code" in reason && reason.code === "ERR_WORKER_OUT_OF_MEMORY")
    return `cannot validate ${name}: it took more memory than Node gives a thread; make the file smaller, or give Node more with NODE_OPTIONS=--max-old-space-size=MEGABYTES`;
  const end = reason ? reason.message : `exit code ${code}`;
  return `cannot validate ${name}: the thread that read it died (${end}); please report it with the descriptor`;
}
