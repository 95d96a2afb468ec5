/** Texts of documents as a model needs them: without markup, and as many whole sentences as there is room for. */

const link = /!?\[([^[\]]*)\]\([^()\s]*(?:\s+"[^"]*")?\)/g;
const tag =
  /<\/?(?:a|b|br|code|div|em|h[1-6]|i|img|li|ol|p|pre|small|span|strong|sub|sup|table|tbody|td|th|thead|tr|u|ul)(?:\s[^<>]*)?\/?>/gi;
const entities: { readonly [name: string]: string } = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
  "&nbsp;": " ",
};

/** Links become their text, and tags of HTML go. What nobody sees stays: it is refused where a tool is served. */
export function plainText(text: string): string {
  const bare = text
    .replace(link, "$1")
    .replace(tag, " ")
    .replace(/&(?:amp|lt|gt|quot|#39|nbsp);/g, (entity) => entities[entity] ?? entity);
  return bare === text ? text : oneLine(bare).replace(/ (?=[.,;:](?: |$))/g, "");
}

function oneLine(text: string): string {
  return text.replace(/[ \t\n]+/g, " ").replace(/^ | $/g, "");
}

/** The sentences that fit into `most` characters; where the first does not, its words. */
export function shortText(text: string, most: number): string {
  const whole = plainText(text);
  if (whole.length <= most) return whole;
  const plain = oneLine(whole);
  let end = 0;
  for (const { index } of plain.slice(0, most).matchAll(/(?<!\b(?:e\.g|i\.e|etc|vs|cf|incl))[.!?](?= )/g))
    end = index + 1;
  // A stub says less than a sentence that is cut.
  if (end >= Math.min(40, most / 2)) return plain.slice(0, end);
  const start = plain.slice(0, most - 1);
  const word = start.lastIndexOf(" ");
  return `${word > 0 ? start.slice(0, word) : start}…`;
}

/** A description that nobody wrote for models: the operation's summary and what it says besides, cut at `most` characters. */
export function toolDescription(summary: string, description: string | undefined, most: number): string {
  // Documents have empty descriptions, and ones that begin with the summary.
  const whole = plainText(description?.trim() ?? "");
  const start = plainText(summary.trim()).replace(/\.$/, "");
  const parts = whole.startsWith(start) ? [whole] : [start, whole];
  return shortText(parts.filter((part) => part !== "").join(". "), most);
}
