/**
 * Runs schedules of random faults: `npx tsx test/faults/schedules.mts [COUNT] [FIRST_SEED]`, 10,000 by default. Prints
 * what was broken with its seed, and exits with 1 then.
 */
import { runSchedules } from "./schedule.ts";

const count = Number(process.argv[2] ?? 10_000);
const first = Number(process.env.FAULT_SEED ?? process.argv[3] ?? Date.now() % 1_000_000_000);
let rejections = 0;
process.on("unhandledRejection", (reason) => {
  rejections++;
  console.error("unhandledRejection", reason);
});

function* seeds(): Iterable<number> {
  for (let n = 0; n < count; n++) yield first + n;
}

let done = 0;
const report = await runSchedules(seeds(), { calls: 20 }, ({ broken }, seed) => {
  for (const what of broken) console.log(`FAULT_SEED=${seed}: ${what}`);
  if (++done % 500 === 0) console.log(`${done} of ${count} schedules`);
});
const { calls, requests, faulted, fine } = report;
console.log(
  `${count} schedules from seed ${first}: ${calls} calls, ${fine} of them fine; ${requests} requests, ${faulted} of them faulted; ${report.broken.length} promises broken, ${rejections} unhandled rejections`,
);
if (report.broken.length + rejections > 0) process.exitCode = 1;
