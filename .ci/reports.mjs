/**
 * Reads the JSON reports of vitest, `NAME.json` and, where files were tried a second time, `NAME.again.json`.
 *
 *   node reports.mjs failing REPORT             the test files that failed, one a line
 *   node reports.mjs sum FOLDER FAILURES SKIPS  what passed only at the second try, and the closing line
 *
 * FAILURES and SKIPS count what no report knows. The sum ends with 1 where anything failed or nothing passed.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [task, path, failures = "0", skips = "0"] = process.argv.slice(2);
if (task === "failing") for (const { name } of filesOf(path).filter(hasFailed)) console.log(name);
else sum(path);

function sum(folder) {
  const count = { passed: 0, failed: Number(failures), skipped: Number(skips) };
  const flaky = [];
  for (const report of readdirSync(folder).filter((name) => /^[^.]+\.json$/.test(name))) {
    const second = filesOf(join(folder, report.replace(".json", ".again.json")));
    const again = new Map(second.map((file) => [file.name, file]));
    for (const first of filesOf(join(folder, report))) {
      const last = again.get(first.name) ?? first;
      add(count, last);
      if (hasFailed(first) && !hasFailed(last)) flaky.push(...troublesOf(first));
    }
  }
  for (const trouble of flaky) console.log(`\n*** FLAKY: failed, and passed at the second try: ${trouble}`);
  console.log(`\n${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
  process.exitCode = count.failed > 0 || count.passed === 0 ? 1 : 0;
}

/** A report that is not there, or was cut off, tells of no file. */
function filesOf(report) {
  try {
    return existsSync(report) ? JSON.parse(readFileSync(report, "utf8")).testResults : [];
  } catch {
    return [];
  }
}

function hasFailed({ status }) {
  return status === "failed";
}

/** A file that fails beside its tests, while it loads or in a hook, is one failure. */
function add(count, file) {
  for (const { status } of file.assertionResults)
    count[status === "passed" || status === "failed" ? status : "skipped"]++;
  if (hasFailed(file) && !file.assertionResults.some(hasFailed)) count.failed++;
}

function troublesOf(file) {
  const tests = file.assertionResults.filter(hasFailed);
  if (tests.length === 0) return [`${file.name}\n${file.message}`];
  return tests.map(({ fullName, failureMessages }) => `${file.name}: ${fullName}\n${failureMessages[0]}`);
}
