/** Letters that look like others, or are not seen at all. */
import { unseen } from "../../schema/language/unseen.ts";
import type { Finding } from "../diagnostics.ts";
import type { Pointer, ScalarNode } from "../read/tree.ts";
import { isHeaderValue, isOurs } from "./our-texts.ts";

/** What is drawn like a Latin letter: Cyrillic and Greek ones, and those of full width. */
const twins: ReadonlyMap<string, string> = new Map(
  [..."аaеeоoрpсcхxуyіiјjѕsԁdһhӏlАAВBЕEКKМMНHОOРPСCТTХXΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧXοoνvιi"]
    .join("")
    .match(/../gu)
    ?.map((pair) => [pair.charAt(0), pair.charAt(1)] as const),
);

const foreign = /[^\u0000-\u007f]/;

/** A name, a reference or an address in which one letter is not what it seems. */
export function lookAlike(
  { value, span, style }: ScalarNode,
  path: Pointer,
): Omit<Finding, "path"> | undefined {
  if (typeof value !== "string" || !foreign.test(value) || !(isOurs(path) || isHeaderValue(path)))
    return undefined;
  const [hidden] = value.match(unseen) ?? [];
  const [blank] = value.match(/[\u00a0\u2000-\u200a\u202f\u205f\u3000]/u) ?? [];
  const odd = hidden ?? blank ?? mixed(value);
  if (odd === undefined) return undefined;
  const twin = twins.get(odd);
  const code = `U+${(odd.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
  const meant = twin === undefined ? undefined : [...value].map((char) => twins.get(char) ?? char).join("");
  return {
    rule: "names/look-alike",
    span,
    message:
      twin !== undefined
        ? `A letter of this text (${code}) looks like the Latin \`${twin}\`, and is another one.`
        : `This text holds a character that is not seen, or looks like a blank (${code}).`,
    label: "not what it seems",
    help: "Type the text anew.",
    ...(meant !== undefined && style !== "block"
      ? { replace: style === "plain" ? meant : JSON.stringify(meant) }
      : {}),
    yields: span,
  };
}

/** The first letter in a word of Latin letters that only looks like one. */
function mixed(value: string): string | undefined {
  for (const [word] of value.matchAll(/\p{L}+/gu)) {
    if (!/[A-Za-z]/.test(word)) continue;
    const odd = [...word].find((char) => twins.has(char));
    if (odd !== undefined) return odd;
  }
  return undefined;
}
