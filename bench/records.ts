/**
 * What reading a long list costs: 1,000,000 records in pages of 100 through `records()`, beside a loop over undici
 * written by hand, each in a process of its own, in turns of 50,000 records; then the same with consumers ten times
 * slower than the server, all at once. `npm run bench` builds first. `--rounds=N` reads more often, `--slow=no` leaves
 * the slow consumers out.
 *
 * Exits 1 where the rate is under 90 % of the loop's or the process grows by 50 MB or more, and where a record is missing.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { availableParallelism, loadavg } from "node:os";
import { join } from "node:path";
import { compile } from "../compiler/index.ts";
import {
  listDescriptor,
  type Measured,
  pageSize,
  readers,
  slice,
  slowness,
  type Task,
  total,
} from "./records/work.ts";

type Reader = Task["reader"];

/** Of the loop's rate, and bytes. To remember a million keys is work that the loop does not do: that has its price. */
const bound = {
  rate: { "by hand": 0, "records()": 0.9, "records(), with keys": 0.75 },
  growth: 50e6,
} as const;

const { ir, diagnostics } = await compile(listDescriptor());
if (!ir) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
const server = start("pages-server.ts");
const [port] = await once(server, "message");
const origin = `http://127.0.0.1:${port}`;
console.log(
  `Node ${process.versions.node}, ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)}`,
);
const rounds: Round[] = [];
for (let round = 0; round < Number(given("rounds") ?? 3); round++) rounds.push(await readAll(0, inTurns));
const byHand = report("quick consumers", rounds);
if (given("slow") !== "no") {
  // Of the time that a page took by hand.
  const pauseMs = Math.ceil((slowness * byHand * 1_000) / (total / pageSize));
  report(`consumers that pause for ${pauseMs} ms after each page`, [await readAll(pauseMs, together)]);
}
server.disconnect();

/** All slices of one reading of the list by each. */
type Round = ReadonlyMap<Reader, readonly Measured[]>;

/** Lets every reader read its next slice. */
type TakeTurns = (
  children: ReadonlyMap<Reader, ChildProcess>,
  took: (reader: Reader, measured: Measured) => void,
) => Promise<void>;

async function inTurns(...[children, took]: Parameters<TakeTurns>): Promise<void> {
  for (const [reader, child] of shuffled([...children])) took(reader, await nextSlice(child));
}

async function together(...[children, took]: Parameters<TakeTurns>): Promise<void> {
  await Promise.all([...children].map(async ([reader, child]) => took(reader, await nextSlice(child))));
}

async function readAll(pauseMs: number, takeTurns: TakeTurns): Promise<Round> {
  const children = new Map(readers.map((reader) => [reader, start("reader.ts")]));
  const slices = new Map<Reader, Measured[]>(readers.map((reader) => [reader, []]));
  for (const [reader, child] of children) {
    child.send({ reader, origin, ir, pauseMs } satisfies Task);
    await once(child, "message");
  }
  for (let done = 0; done < total; done += slice)
    await takeTurns(children, (reader, measured) => slices.get(reader)?.push(measured));
  for (const child of children.values()) child.disconnect();
  for (const [reader, measured] of slices) assertWhole(reader, measured.at(-1));
  return slices;
}

async function nextSlice(child: ChildProcess): Promise<Measured> {
  child.send("go");
  const [measured] = await once(child, "message");
  return measured;
}

function assertWhole(reader: Reader, last: Measured | undefined): void {
  if (last?.records !== total || last.sum !== (total * (total - 1)) / 2)
    throw new Error(`${reader}: ${last?.records} records, their ids ${last?.sum} in all`);
}

/** Seconds of the whole list by hand. */
function report(what: string, rounds: readonly Round[]): number {
  console.log(
    `${total.toLocaleString("en")} records, ${what}; medians of ${rounds.length * (total / slice)} turns`,
  );
  const slicesOf = (reader: Reader): readonly Measured[] =>
    rounds.flatMap((round) => round.get(reader) ?? []);
  const byHand = slicesOf("by hand").map(({ seconds }) => seconds);
  for (const reader of readers)
    reportReader(
      reader,
      slicesOf(reader),
      byHand,
      Math.max(...rounds.map((round) => growthOf(round.get(reader) ?? []))),
    );
  return (median(byHand) * total) / slice;
}

/** What an engine and its pool take once is there after a tenth. */
function growthOf(slices: readonly Measured[]): number {
  const rss = slices.map((one) => one.rss);
  return Math.max(...rss) - (rss[rss.length / 10 - 1] ?? 0);
}

function reportReader(
  reader: Reader,
  slices: readonly Measured[],
  byHand: readonly number[],
  growth: number,
): void {
  const rate = slice / median(slices.map(({ seconds }) => seconds));
  const cpu = median(slices.map(({ cpuSeconds }) => cpuSeconds)) / slice;
  const ratio = median(slices.map(({ seconds }, turn) => (byHand[turn] ?? Number.NaN) / seconds));
  const misses = [
    ...(bound.rate[reader] > ratio ? [`the bound is ${bound.rate[reader] * 100} %`] : []),
    ...(growth >= bound.growth ? [`it must grow by less than ${bound.growth / 1e6} MB`] : []),
  ];
  if (misses.length > 0) process.exitCode = 1;
  const figures = [
    `${Math.round(rate).toLocaleString("en").padStart(8)} records/s`,
    `${(ratio * 100).toFixed(0).padStart(4)} %`,
    `${(cpu * 1e6).toFixed(2)} us of CPU a record`,
    `grown by ${(growth / 1e6).toFixed(1)} MB`,
  ];
  console.log(
    `  ${reader.padEnd(22)}${figures.join(", ")}${misses.map((miss) => `  MISSED: ${miss}`).join("")}`,
  );
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

function start(file: string): ChildProcess {
  return fork(join(import.meta.dirname, "records", file), { execArgv: ["--import", "tsx"] });
}

function given(name: string): string | undefined {
  return process.argv.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
}
