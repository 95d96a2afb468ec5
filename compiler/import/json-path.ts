/** JSONPaths of what a source names by dots. */

/** `data.next-cursor` is `$.data['next-cursor']`; a part that is a number is an index; an `$` of its own stays. */
export function pathOfDots(dots: string): string {
  if (dots === "$" || dots.startsWith("$.") || dots.startsWith("$[")) return dots;
  const parts = dots.split(".").filter((part) => part !== "");
  return `$${parts.map(segment).join("")}`;
}

function segment(part: string): string {
  if (/^\d+$/.test(part)) return `[${part}]`;
  if (/^[A-Za-z_]\w*$/.test(part)) return `.${part}`;
  return `['${part.replace(/[\\']/g, "\\$&")}']`;
}
