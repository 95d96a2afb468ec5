/**
 * What a report of many findings costs: `npx tsx bench/report.ts`. 10,000 findings, each with a related place, on
 * lines of their own and all on one line; the median of several rounds in milliseconds. The bound is a second.
 */
import { formats } from "../cli/report/formats.ts";
import type { CreateReporter, FileReport } from "../cli/report/reporter.ts";
import type { Diagnostic, Range } from "../schema/diagnostic.ts";

const count = 10_000;
const rounds = 5;
const boundMs = 1_000;
const line = '  operation: { auth_type_ref: "beerer", endpoint: "https://x/{a}/{b}" } # 注';

function range(index: number, oneLine: boolean): Range {
  const column = (oneLine ? index * (line.length + 1) : 0) + 31;
  const at = oneLine ? 1 : index + 1;
  return { start: { line: at, column }, end: { line: at, column: column + 6 } };
}

function finding(index: number, oneLine: boolean): Diagnostic {
  const place = range(index, oneLine);
  return {
    file: "bench.yaml",
    document: 0,
    rule: "reference/unknown-profile",
    severity: "error",
    message: "There is no authentication profile `beerer`.",
    path: `/operations/${index}/auth_type_ref`,
    range: place,
    label: "used here",
    help: "Did you mean `bearer`?",
    suggestion: { text: "bearer", range: place },
    related: [
      { file: "bench.yaml", message: "declared here", range: range(Math.max(0, index - 1), oneLine) },
    ],
  };
}

function report(oneLine: boolean): FileReport {
  const lines = Array.from({ length: count }, () => line);
  return {
    name: "bench.yaml",
    text: lines.join(oneLine ? " " : "\n"),
    diagnostics: lines.map((_, index) => finding(index, oneLine)),
  };
}

function milliseconds(create: CreateReporter, file: FileReport): number {
  const reporter = create({ color: true, cwd: "/" });
  const start = performance.now();
  reporter.file(file);
  reporter.end({ files: [file], problems: [] });
  return performance.now() - start;
}

async function main(): Promise<void> {
  for (const oneLine of [false, true]) {
    const file = report(oneLine);
    for (const [name, format] of formats) {
      const create = await format.load();
      const times = Array.from({ length: rounds }, () => milliseconds(create, file)).sort((a, b) => a - b);
      const median = times[rounds >> 1] ?? 0;
      const verdict = median <= boundMs ? "within" : "ABOVE";
      const what = `${name}, ${oneLine ? "one line" : "a line each"}`;
      console.log(`${what.padEnd(26)} ${median.toFixed(0).padStart(6)} ms  ${verdict} ${boundMs} ms`);
      if (median > boundMs) process.exitCode = 1;
    }
  }
}

await main();
