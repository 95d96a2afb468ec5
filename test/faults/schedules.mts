/**
 * Runs schedules of random faults: `npm run faults -- [COUNT] [FIRST_SEED]`, 10,000 by default, each of 20 calls; then so
 * many writes over HTTP/1.1 and over HTTP/2. Prints what was broken with its seed, and exits with 1 then.
 */
import { runWrites } from "./http2-writes.ts";
import { runSchedules } from "./schedule.ts";

const count = Number(process.argv[2] ?? 10_000);
const first = Number(process.env.FAULT_SEED ?? process.argv[3] ?? Date.now() % 1_000_000_000);
let rejections = 0;
process.on("unhandledRejection", (reason) => {
  rejections++;
  console.error("unhandledRejection", reason);
});

function* seeds(length: number): Iterable<number> {
  for (let n = 0; n < length; n++) yield first + n;
}

let done = 0;
const calls = await runSchedules(seeds(count), { calls: 20 }, () => {
  if (++done % 500 === 0) console.log(`${done} of ${count} schedules`);
});
const writesEach = 50;
const batches = Math.ceil(count / writesEach);
const writes = await runSchedules(seeds(batches), { calls: writesEach, methods: ["POST", "POST with key"] });
const overHttp2 = await runWrites(seeds(batches), writesEach);

for (const what of [...calls.broken, ...writes.broken, ...overHttp2.broken]) console.log(what);
const broken = calls.broken.length + writes.broken.length + overHttp2.broken.length;
for (const [name, report] of [
  [`${count} schedules`, calls],
  ["writes", writes],
] as const)
  console.log(
    `${name} from seed ${first}: ${report.calls} calls, ${report.fine} of them fine; ${report.requests} requests, ${report.faulted} of them faulted`,
  );
console.log(
  `writes over HTTP/2 from seed ${first}: ${batches * writesEach} calls, ${overHttp2.fine} of them fine, ${overHttp2.mended} after a refusal; ${overHttp2.faulted} requests faulted`,
);
console.log(`${broken} promises broken, ${rejections} unhandled rejections`);
if (broken + rejections > 0) process.exitCode = 1;
