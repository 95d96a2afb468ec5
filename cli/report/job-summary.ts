/** The job summary of GitHub Actions: the findings as Markdown, appended to the file that the runner names. */
import { appendFileSync, statSync } from "node:fs";
import { fileReason } from "../../compiler/disk-host.ts";
import type { World } from "../world.ts";
import { escapeForTerminal } from "./escape.ts";
import { markdownBlocks } from "./markdown.ts";
import type { RunReport } from "./reporter.ts";
import { counted } from "./summary.ts";

/** GitHub drops a summary that is larger than this. */
const mostBytes = 1024 * 1024;

/** Appends the summary where the runner wants one. A summary that cannot be written is said, and fails nothing. */
export async function appendJobSummary(run: RunReport, world: World): Promise<void> {
  const file = world.env.GITHUB_STEP_SUMMARY;
  if (!file) return;
  try {
    const used = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    appendFileSync(file, summaryWithin(mostBytes - used, run));
  } catch (error) {
    const sentence = `cannot write the job summary ${file}: ${fileReason(error)}`;
    await world.stderr.write(`connector: ${escapeForTerminal(sentence)}\n`);
  }
}

/** As many whole findings as fit, and how many do not; nothing where not even that fits. */
function summaryWithin(room: number, run: RunReport): string {
  const total = run.files.reduce((sum, { diagnostics }) => sum + diagnostics.length, 0);
  const closing = (left: number): string => `\n${counted(left, "more finding")} not shown here.\n`;
  const left = room - Buffer.byteLength(closing(total));
  const texts: string[] = [];
  let bytes = 0;
  let shown = 0;
  for (const { text, findings } of markdownBlocks(run)) {
    bytes += Buffer.byteLength(text);
    if (bytes > left) return left < 0 ? "" : texts.join("") + closing(total - shown);
    texts.push(text);
    shown += findings;
  }
  return `${texts.join("")}\n`;
}
