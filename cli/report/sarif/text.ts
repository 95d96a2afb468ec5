/**
 * Text as a SARIF message. `[text](target)` would be a link there and `{0}` a placeholder (sections 3.11.5 and
 * 3.11.6); they are escaped as the standard says, and only where they would be one, as many viewers show escapes.
 */
import { escapeText } from "../../../compiler/escape.ts";

export function plainMessage(text: string): string {
  const shown = text.split("\n").map(escapeText).join("\n");
  const linkless = shown.includes("](") ? shown.replace(/[\\[\]]/g, "\\$&") : shown;
  return /\{\d+\}/.test(linkless) ? linkless.replace(/[{}]/g, "$&$&") : linkless;
}
