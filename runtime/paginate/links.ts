/** `Link` headers (RFC 8288). */

/** The target of the first link whose relation types hold `next`. */
export function nextLink(header: string): string | undefined {
  for (const { target, rel } of parseLinks(header)) if (rel.includes("next")) return target;
  return undefined;
}

interface Link {
  readonly target: string;
  readonly rel: readonly string[];
}

/** RFC 8288, appendix B.2, for what is needed here; linear in the header's length. */
function parseLinks(header: string): Link[] {
  const links: Link[] = [];
  let at = 0;
  for (;;) {
    const open = header.indexOf("<", at);
    const close = open < 0 ? -1 : header.indexOf(">", open);
    if (close < 0) return links;
    const { rel, end } = parseParameters(header, close + 1);
    links.push({ target: header.slice(open + 1, close).trim(), rel });
    at = end;
  }
}

/** Reads `; name=value` pairs up to the comma that ends the link. Only the first `rel` counts (section 3.3). */
function parseParameters(
  header: string,
  from: number,
): { readonly rel: readonly string[]; readonly end: number } {
  const parameter = /\s*;\s*([^\s=;,"]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?/y;
  let rel: readonly string[] | undefined;
  let at = from;
  for (;;) {
    parameter.lastIndex = at;
    const match = parameter.exec(header);
    if (!match) break;
    at = parameter.lastIndex;
    if (match[1]?.toLowerCase() === "rel") rel ??= (match[2] ?? match[3] ?? "").toLowerCase().split(/\s+/);
  }
  return { rel: rel ?? [], end: at };
}
