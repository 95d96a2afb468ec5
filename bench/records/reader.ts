/** Reads the whole list once, in a process of its own, a slice at a time, and tells what each took. */
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Measured, pageSize, slice, type Task, total } from "./work.ts";

interface Ticket {
  readonly id: number;
}

/** Reads the whole list; what it needs is loaded. */
type Read = (consumer: Consumer) => Promise<void>;

/** Counts what it is given, and waits to be told after each slice; where it is slow, it pauses after each hundred records. */
class Consumer {
  #records = 0;
  #sum = 0;
  #began: number = performance.now();
  #used: NodeJS.CpuUsage = process.cpuUsage();
  readonly #pauseMs: number;

  constructor(pauseMs: number) {
    this.#pauseMs = pauseMs;
  }

  /** A promise only where there is something to wait for. */
  take({ id }: Ticket): Promise<void> | undefined {
    this.#records++;
    this.#sum += id;
    if (this.#records % pageSize !== 0) return undefined;
    if (this.#records % slice === 0) return this.#turn();
    return this.#pauseMs > 0 ? sleep(this.#pauseMs) : undefined;
  }

  async #turn(): Promise<void> {
    const { user, system } = process.cpuUsage(this.#used);
    const measured: Measured = {
      seconds: (performance.now() - this.#began) / 1_000,
      cpuSeconds: (user + system) / 1e6,
      records: this.#records,
      sum: this.#sum,
      rss: process.memoryUsage.rss(),
    };
    process.send?.(measured);
    if (this.#records === total) return;
    await once(process, "message");
    this.#began = performance.now();
    this.#used = process.cpuUsage();
  }
}

async function byUs({ reader, origin, ir }: Task): Promise<Read> {
  const { createRuntime }: typeof import("../../runtime/index.ts") = await import(
    join(import.meta.dirname, "../../dist/runtime/index.js")
  );
  const runtime = createRuntime({ network: { allow: [origin.slice("http://".length)] } });
  const connection = runtime.connect(ir, { config: { base_url: origin }, credentials: { token: "t0ken" } });
  const operation = reader === "records()" ? "list_tickets" : "list_tickets_once";
  return async (consumer) => {
    for await (const ticket of connection.records<Ticket>(operation)) {
      const pause = consumer.take(ticket);
      if (pause) await pause;
    }
    await runtime.close();
  };
}

/** What anybody would write: a page, its records, the next page. */
async function byHand({ origin }: Task): Promise<Read> {
  const { Pool, request } = await import("undici");
  const dispatcher = new Pool(origin);
  const headers = { authorization: "Bearer t0ken", accept: "application/json" };
  return async (consumer) => {
    let target: string | undefined = "/tickets";
    while (target !== undefined) {
      const { statusCode, body } = await request(origin + target, { dispatcher, headers });
      if (statusCode !== 200) throw new Error(`The server answered with ${statusCode}.`);
      const page = (await body.json()) as { items: Ticket[]; next: string | null };
      for (const ticket of page.items) {
        const pause = consumer.take(ticket);
        if (pause) await pause;
      }
      target = page.next === null ? undefined : `/tickets?cursor=${encodeURIComponent(page.next)}`;
    }
    await dispatcher.close();
  };
}

process.on("disconnect", () => process.exit());
const [task]: Task[] = await once(process, "message");
if (!task) throw new Error("There must be a task.");
const read = await (task.reader === "by hand" ? byHand(task) : byUs(task));
process.send?.("ready");
await once(process, "message");
await read(new Consumer(task.pauseMs));
