/**
 * Hostile input against the built `connector validate`: each class in a process of its own, its time and memory
 * against the bounds. Run with `npm run bench`; an argument narrows the classes to those whose title holds it.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hostileCases } from "./hostile/cases.ts";
import { runCase } from "./hostile/run.ts";

const bounds = { seconds: 2, mebibytes: 300 };

const wanted = process.argv[2] ?? "";
const folder = mkdtempSync(join(tmpdir(), "connector-hostile-"));
let failed = 0;
console.log("seconds  processor   MiB  code  output KiB");
for (const one of hostileCases.filter(({ title }) => title.includes(wanted))) {
  const { code, seconds, processorSeconds, mebibytes, stdout, stderr } = await runCase(one, folder);
  const isRight =
    seconds <= bounds.seconds && mebibytes <= bounds.mebibytes && (code === 0 || code === 1) && stderr === "";
  if (!isRight) failed += 1;
  const columns = [
    seconds.toFixed(2).padStart(7),
    processorSeconds.toFixed(2).padStart(10),
    mebibytes.toFixed(0).padStart(5),
    String(code).padStart(5),
  ];
  const size = (stdout.length / 1024).toFixed(0).padStart(11);
  console.log(
    `${columns.join(" ")} ${size}  ${isRight ? " " : "!"} ${one.title}${stderr ? `: ${stderr.slice(0, 100)}` : ""}`,
  );
}
rmSync(folder, { recursive: true, force: true });
console.log(`${failed} of the classes beyond ${bounds.seconds} s or ${bounds.mebibytes} MiB`);
process.exitCode = failed === 0 ? 0 : 1;
