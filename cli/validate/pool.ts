/** Many files on several threads. */
import type { Source } from "../find/sources.ts";
import type { Workers, World } from "../world.ts";
import { type Checked, checkFile } from "./check-file.ts";
import type { Task } from "./pool-messages.ts";
import { startThread, type Thread, type Ticket } from "./pool-thread.ts";
import type { Settings } from "./settings.ts";

/** Tasks that a thread holds: one to work on, and one so that it need not wait for the next. */
const tasksPerThread = 2;

/** Sources, for each thread, that may be under way or done before the one that is waited for. */
const windowPerThread = 16;

interface Pool {
  check(task: Task): Promise<Checked>;
  end(): Promise<void>;
}

/**
 * Checks sources on several threads; the answers come in the order of the sources, and no more than a window of them
 * is kept. A thread that dies costs the file that it worked on and no other; where none will start, this thread does
 * the work.
 */
export async function* checkInPool(
  sources: readonly Source[],
  settings: Pick<Settings, "policyOf">,
  world: World,
  workers: Workers,
): AsyncGenerator<Checked> {
  const pool = createPool(workers, world);
  const ahead: Promise<Checked>[] = [];
  try {
    for (const source of sources) {
      const policy = settings.policyOf(source.name);
      const checked = source.stdin
        ? checkFile(source, policy, world)
        : pool.check({ source, policy, cwd: world.cwd });
      // Its turn to be waited for comes later; failing before that is no unhandled rejection.
      checked.catch(() => {});
      ahead.push(checked);
      if (ahead.length >= workers.most * windowPerThread) yield* take(ahead, 1);
    }
    yield* take(ahead, ahead.length);
  } finally {
    await pool.end();
  }
}

async function* take(ahead: Promise<Checked>[], count: number): AsyncGenerator<Checked> {
  for (const checked of ahead.splice(0, count)) yield checked;
}

function createPool(workers: Workers, world: World): Pool {
  const queue: Ticket[] = [];
  const threads = new Set<Thread>();
  let hires = true;
  for (let count = 0; count < workers.most; count++) hire();
  return {
    check: (task) =>
      new Promise((resolve, reject) => {
        queue.push({ task, resolve, reject });
        assign();
      }),
    end: async () => {
      await Promise.all([...threads].map((thread) => thread.end()));
    },
  };

  function hire(): void {
    if (!hires) return;
    const thread = startThread(workers, {
      answered: assign,
      died: (left, started) => {
        if (thread) threads.delete(thread);
        // One that never came to life says something of the machine, and the next would fare no better.
        hires = started;
        queue.unshift(...left);
        hire();
        assign();
      },
    });
    if (thread) threads.add(thread);
    else hires = false;
  }

  function assign(): void {
    while (queue.length > 0) {
      const thread = leastBusy(threads);
      if (thread && thread.held() >= tasksPerThread) return;
      const ticket = queue.shift();
      if (!ticket) return;
      if (thread) thread.give(ticket);
      else ticket.resolve(checkFile(ticket.task.source, ticket.task.policy, world));
    }
  }
}

function leastBusy(threads: ReadonlySet<Thread>): Thread | undefined {
  let least: Thread | undefined;
  for (const thread of threads) if (!least || thread.held() < least.held()) least = thread;
  return least;
}
