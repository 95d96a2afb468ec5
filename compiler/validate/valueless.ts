/** Keys that YAML reads in braces where the author wrote more than a key. */
import type { Finding, Report } from "../diagnostics.ts";
import type { Entry, MapNode, Pointer } from "../read/tree.ts";

/**
 * Reports `{owner:user}` and `{ owner user }` in maps whose keys are the author's: each is one key, without a colon that
 * YAML takes for one, and what has no value is left out of a request, or is sent as null.
 */
export function tellValueless({ entries }: MapNode, path: Pointer, report: Report): void {
  for (const entry of entries) {
    if (!isValueless(entry)) continue;
    report({
      rule: "structure/wrong-type",
      path: [...path, entry.key],
      at: "key",
      span: entry.keySpan,
      message: `In braces, \`${entry.key}\` is a key without a value.`,
      label: "no value",
      ...adviceFor(entry.key),
    });
  }
}

/** No colon follows the key. Whoever means null writes it. */
export function isValueless({ value, keyEnd }: Entry): boolean {
  return value.kind === "scalar" && value.value === null && value.end <= keyEnd;
}

function adviceFor(key: string): Pick<Finding, "help" | "replace"> {
  const [name = "", ...rest] = key.split(/:|\s+/).filter((word) => word !== "");
  if (rest.length !== 1) return { help: "Write `name: value` in braces." };
  const meant = `${name}: ${rest[0]}`;
  return { help: `Write \`${meant}\`, with a blank after the colon.`, replace: meant };
}
