import type { ToolReport } from "../../runtime/mcp/index.ts";
import type { Output } from "../world.ts";

/** What the tools take of a context, as a table; the largest first. */
export function writeReport({ tools, bytes, tokens }: ToolReport, stdout: Output): Promise<void> {
  const rows = [...tools].sort((left, right) => right.bytes - left.bytes);
  const width = Math.max(5, ...rows.map(({ name }) => name.length));
  const line = (name: string, size: string, count: string): string =>
    `${name.padEnd(width)}  ${size.padStart(9)}  ${count.padStart(8)}\n`;
  return stdout.write(
    [
      line("tool", "bytes", "tokens"),
      ...rows.map((row) => line(row.name, String(row.bytes), String(row.tokens))),
      line(`${tools.length} tools`, String(bytes), String(tokens)),
      "Tokens are estimated at four bytes each.\n",
    ].join(""),
  );
}
