import type { ToolReport, ToolServer } from "../../runtime/mcp/index.ts";
import type { Output } from "../world.ts";

/** Tokens of a list beyond which a client does better with three tools that find the others. */
const manyTokens = 20_000;

/** What the tools take of a context, as a table; the largest first. Beneath, what a mapping word by word would take. */
export function writeReport(
  { tools, instructionBytes, bytes, tokens }: ToolReport,
  server: Pick<ToolServer, "callable" | "naiveBytes">,
  discovers: boolean,
  stdout: Output,
): Promise<void> {
  const rows = [...tools].sort((left, right) => right.bytes - left.bytes);
  const width = Math.max(5, ...rows.map(({ name }) => name.length));
  const line = (name: string, size: string, count: string): string =>
    `${name.padEnd(width)}  ${size.padStart(9)}  ${count.padStart(8)}\n`;
  const naive = server.naiveBytes();
  return stdout.write(
    [
      line("tool", "bytes", "tokens"),
      ...rows.map((row) => line(row.name, String(row.bytes), String(row.tokens))),
      ...(instructionBytes > 0
        ? [line("instructions", String(instructionBytes), String(Math.ceil(instructionBytes / 4)))]
        : []),
      line(`${tools.length} tools`, String(bytes), String(tokens)),
      "Tokens are estimated at four bytes each.\n",
      `Word by word, without answers, ${discovers ? `the ${server.callable.length} operations` : "they"} would take ${naive} bytes${bytes < naive ? `: this is ${percent(bytes, naive)} of that` : ""}.\n`,
      tokens > manyTokens && !discovers
        ? "That is much of a context: --discover serves three tools that find and call the others.\n"
        : "",
    ].join(""),
  );
}

function percent(part: number, whole: number): string {
  return `${Math.round((100 * part) / whole)} %`;
}
