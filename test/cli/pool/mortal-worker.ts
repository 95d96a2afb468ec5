/** A thread as the program's own, that dies at the sight of some files as a defect or a full memory would have it. */
import { parentPort } from "node:worker_threads";
import type { Task } from "../../../cli/validate/pool-messages.ts";
import { serveAsWorker } from "../../../cli/validate/pool-worker.ts";

parentPort?.on("message", ({ source }: Task) => {
  if (source.name.includes("exits")) process.exit(7);
  if (source.name.includes("throws")) throw new Error("a wrench in the works");
});
serveAsWorker();
