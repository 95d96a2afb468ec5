/** The signature of the function whose arguments the cursor stands in. */
import { functions, isFunctionName } from "../../schema/language/functions.ts";
import { functionWords } from "./function-words.ts";

export interface Signature {
  readonly usage: string;
  readonly documentation: string;
  /** The arguments as `usage` names them. */
  readonly parameters: readonly string[];
  readonly active: number;
}

/** Read from the line alone, so that it works while the template does not parse. */
export function signatureAt(text: string, offset: number): Signature | undefined {
  const start = Math.max(text.lastIndexOf("\n", offset - 1) + 1, offset - 2000);
  const calls: { name: string; commas: number }[] = [];
  const line = text.slice(start, offset);
  for (let at = 0; at < line.length; at++) {
    const char = line[at];
    if (char === "(")
      calls.push({ name: /[A-Za-z_]\w*$/.exec(line.slice(Math.max(0, at - 40), at))?.[0] ?? "", commas: 0 });
    else if (char === ")") calls.pop();
    else if (char === ",") {
      const call = calls.at(-1);
      if (call) call.commas += 1;
    }
  }
  const call = calls.at(-1);
  // A parenthesis in prose is no call: one stands in a hole.
  if (!call || !isFunctionName(call.name) || !line.includes("{")) return undefined;
  const { usage } = functions[call.name];
  const parameters = (/\((.*)\)/.exec(usage)?.[1] ?? "").split(", ").filter((name) => name !== "");
  return { usage, documentation: functionWords[call.name], parameters, active: call.commas };
}
