import { execFile } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { folderWith } from "../cli/support.ts";

const program = join(import.meta.dirname, "../../.ci/reports.mjs");

interface File {
  readonly name: string;
  readonly status: "passed" | "failed";
  readonly message: string;
  readonly assertionResults: readonly {
    readonly fullName: string;
    readonly status: string;
    readonly failureMessages: readonly string[];
  }[];
}

/** A file of a report; a failing test is told by its error. */
function file(name: string, tests: Readonly<Record<string, string>>, message = ""): File {
  const assertionResults = Object.entries(tests).map(([fullName, status]) => {
    const isError = !["passed", "skipped", "todo"].includes(status);
    return { fullName, status: isError ? "failed" : status, failureMessages: isError ? [status] : [] };
  });
  const failed = message !== "" || assertionResults.some(({ status }) => status === "failed");
  return { name, status: failed ? "failed" : "passed", message, assertionResults };
}

async function reports(files: Readonly<Record<string, readonly File[]>>): Promise<string> {
  return folderWith(
    Object.fromEntries(
      Object.entries(files).map(([name, testResults]) => [name, JSON.stringify({ testResults })]),
    ),
  );
}

async function ran(...argv: readonly string[]): Promise<{ code: number; lines: readonly string[] }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [program, ...argv], (_, stdout) =>
      resolve({ code: child.exitCode ?? -1, lines: stdout.trim().split("\n") }),
    );
  });
}

const good = file("a.test.ts", { one: "passed", two: "passed", three: "skipped" });
const bad = file("b.test.ts", { four: "passed", five: "Error: no answer" });

describe("the closing line of .ci/run", () => {
  it("counts all sets, and what no report knows", async () => {
    const folder = await reports({ "fast.json": [good], "slow.json": [good] });
    expect(await ran("sum", folder, "0", "1")).toEqual({ code: 0, lines: ["4 passed, 0 failed, 3 skipped"] });
    expect(await ran("sum", folder, "2", "0")).toEqual({ code: 1, lines: ["4 passed, 2 failed, 2 skipped"] });
  });

  it("fails for a test that fails twice", async () => {
    const folder = await reports({ "fast.json": [good, bad], "fast.again.json": [bad] });
    expect(await ran("sum", folder, "0", "0")).toEqual({ code: 1, lines: ["3 passed, 1 failed, 1 skipped"] });
  });

  it("names what passed only at the second try, with its first error", async () => {
    const mended = file("b.test.ts", { four: "passed", five: "passed" });
    const folder = await reports({ "fast.json": [good, bad], "fast.again.json": [mended] });
    expect(await ran("sum", folder, "0", "0")).toEqual({
      code: 0,
      lines: [
        "*** FLAKY: failed, and passed at the second try: b.test.ts: five",
        "Error: no answer",
        "",
        "4 passed, 0 failed, 1 skipped",
      ],
    });
  });

  it("counts a file that did not load, and fails where nothing passed", async () => {
    const unread = file("c.test.ts", {}, "SyntaxError");
    const folder = await reports({ "fast.json": [good, unread] });
    expect(await ran("sum", folder, "0", "0")).toEqual({ code: 1, lines: ["2 passed, 1 failed, 1 skipped"] });
    const none = await reports({});
    expect(await ran("sum", none, "0", "0")).toEqual({ code: 1, lines: ["0 passed, 0 failed, 0 skipped"] });
  });
});

describe("the files to try once more", () => {
  it("are those that failed", async () => {
    const folder = await reports({ "fast.json": [good, bad] });
    expect(await ran("failing", join(folder, "fast.json"))).toEqual({ code: 0, lines: ["b.test.ts"] });
  });

  it("are none where the run was cut off", async () => {
    const folder = await folderWith({ "fast.json": '{"testResults": [' });
    for (const name of ["fast.json", "slow.json"])
      expect(await ran("failing", join(folder, name))).toEqual({ code: 0, lines: [""] });
  });
});
