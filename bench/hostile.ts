/**
 * Hostile input against the built `connector validate`: each class in a process of its own, the slowest and largest
 * first in the table. Exits with 1 where one is beyond the bounds of processor time (all threads, user and system:
 * what passes on a quiet machine is no more, and a busy one does not change it as much) or of memory. Run with
 * `npm run build && npx tsx bench/hostile.ts`; an argument narrows the classes to those whose title holds it.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hostileCases } from "./hostile/cases.ts";
import { bounds, type Run, runCase } from "./hostile/run.ts";

const shown = 40;

const wanted = process.argv[2] ?? "";
const folder = mkdtempSync(join(tmpdir(), "connector-hostile-"));
const runs: { readonly title: string; readonly run: Run }[] = [];
for (const one of hostileCases.filter(({ title }) => title.includes(wanted)))
  runs.push({ title: one.title, run: await runCase(one, folder) });
rmSync(folder, { recursive: true, force: true });

const failed = runs.filter(({ run }) => !isRight(run));
const slowest = runs.toSorted((a, b) => loadOf(b.run) - loadOf(a.run));
console.log("processor s  passed s   MiB  code  output KiB");
for (const { title, run } of slowest.filter((one, index) => index < shown || failed.includes(one)))
  console.log(`${columns(run)}  ${isRight(run) ? " " : "!"} ${title}${said(run)}`);
console.log(
  `${failed.length} of ${runs.length} classes beyond ${bounds.seconds} s of processor time or ${bounds.mebibytes} MiB`,
);
process.exitCode = failed.length === 0 ? 0 : 1;

function isRight({ processorSeconds, mebibytes, code, stderr }: Run): boolean {
  return (
    processorSeconds <= bounds.seconds &&
    mebibytes <= bounds.mebibytes &&
    (code === 0 || code === 1) &&
    stderr === ""
  );
}

/** How near a run comes to its bounds. */
function loadOf({ processorSeconds, mebibytes }: Run): number {
  return Math.max(processorSeconds / bounds.seconds, mebibytes / bounds.mebibytes);
}

function columns({ processorSeconds, seconds, mebibytes, code, stdout }: Run): string {
  return [
    processorSeconds.toFixed(2).padStart(11),
    seconds.toFixed(2).padStart(9),
    mebibytes.toFixed(0).padStart(5),
    String(code).padStart(5),
    (stdout.length / 1024).toFixed(0).padStart(11),
  ].join(" ");
}

function said({ stderr }: Run): string {
  return stderr === "" ? "" : `: ${stderr.slice(0, 100)}`;
}
