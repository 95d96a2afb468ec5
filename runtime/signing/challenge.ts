/** The challenges of a `WWW-Authenticate` header (RFC 9110, section 11.6.1). */
export interface Challenge {
  /** In lower case. */
  readonly scheme: string;
  /** Names in lower case; quoted values without quotes and escapes. */
  readonly parameters: ReadonlyMap<string, string>;
}

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const parameter = new RegExp(`^(${token})[ \\t]*=[ \\t]*(?:"((?:[^"\\\\]|\\\\.)*)"|(${token}))`);
const scheme = new RegExp(`^(${token})(?:[ \\t]+|$|(?=,))`);

/** What can be read of the header, in its order. A header may hold several challenges, and several lines are joined by commas. */
export function parseChallenges(header: string): readonly Challenge[] {
  const challenges: { scheme: string; parameters: Map<string, string> }[] = [];
  let rest = header.slice(0, 16_384);
  for (;;) {
    rest = rest.replace(/^[ \t,]+/, "");
    if (rest === "") return challenges;
    const pair = parameter.exec(rest);
    const current = challenges.at(-1);
    if (pair && current) {
      const name = (pair[1] ?? "").toLowerCase();
      if (!current.parameters.has(name))
        current.parameters.set(name, pair[2]?.replace(/\\(.)/g, "$1") ?? pair[3] ?? "");
      rest = rest.slice(pair[0].length);
      continue;
    }
    const found = scheme.exec(rest);
    if (!found) return challenges;
    challenges.push({ scheme: (found[1] ?? "").toLowerCase(), parameters: new Map() });
    // A token68 (`Negotiate abc==`) is none of ours: it ends at the next comma.
    rest = rest.slice(found[0].length).replace(/^[0-9A-Za-z._~+/-]+=*[ \t]*(?=,|$)/, "");
  }
}
