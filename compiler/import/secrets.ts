/** Whether a text of a source is, or may be, somebody's secret: such a text is never written. */
import { isPlaceholder, issuedKey, looksRandom } from "../check/flow/literals.ts";

export function looksSecret(text: string): boolean {
  const known = issuedKey(text);
  return (known !== undefined && !isPlaceholder(known.text)) || looksRandom(text);
}
