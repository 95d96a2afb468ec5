/** A path of the document as an endpoint: its holes by the descriptor's names. */

/** `names` gives what stands in the hole of each path parameter. What stands behind a `#` never reaches a server. */
export function endpointOf(path: string, names: ReadonlyMap<string, string>): string {
  const sent = path.replace(/#.*$/s, "");
  const absolute = sent.startsWith("/") ? sent : `/${sent}`;
  return absolute
    .split(/(\{[^{}]+\})/)
    .map((part, index) =>
      index % 2 === 1 ? `{${names.get(part.slice(1, -1)) ?? part.slice(1, -1)}}` : literal(part),
    )
    .join("");
}

/** Braces that are no holes are written twice. */
function literal(text: string): string {
  return text.replaceAll("{", "{{").replaceAll("}", "}}").replace(/\s/g, "%20");
}
