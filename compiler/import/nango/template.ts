/** Templates of the catalogue (`${connectionConfig.x}`, `${base64(…)}`, `a || b`) as templates of the language. */

/** The entry cannot be said, and why. */
export class Unsayable extends Error {}

/** What a name of the catalogue is called in the descriptor; undefined where it is nothing. */
export type Names = (name: string) => string | undefined;

/** Literal text and holes; in an argument the text is quoted by whoever asked for it. */
export function translate(text: string, names: Names): string {
  let out = "";
  for (let at = 0; at < text.length; ) {
    if (text.startsWith("${", at)) {
      const end = endOf(text, at);
      out += translateHole(text.slice(at + 2, end), names);
      at = end + 1;
    } else {
      const char = text[at] ?? "";
      out += char === "{" || char === "}" ? char + char : char;
      at++;
    }
  }
  return out;
}

/** The index of the brace that closes the hole at `from`. */
function endOf(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    if (text.startsWith("${", at)) depth++;
    else if (text[at] === "}" && --depth === 0) return at;
  }
  throw new Unsayable(`a hole without an end in ${text}`);
}

const formats: ReadonlyMap<string, string> = new Map(
  Object.entries({
    X: "unix",
    "YYYY-MM-DD": "date",
    "YYYYMMDDTHHmmss[Z]": "iso_basic",
    "ddd, DD MMM YYYY HH:mm:ss ZZ": "rfc2822",
  }),
);

const request: ReadonlyMap<string, string> = new Map(
  Object.entries({
    method: "request.method",
    host: "request.host",
    path: "request.path",
    params: "request.query",
    bodyCanonicalParams: "request.body",
  }),
);

function translateHole(inside: string, names: Names): string {
  const call = /^(\w+)\(([\s\S]*)\)$/.exec(inside);
  if (call) return translateCall(call[1] ?? "", splitArguments(call[2] ?? ""), names);
  const now = /^now(?:\+(\d+):(\w)\w*)?:(.+)$/.exec(inside);
  if (now) {
    const format = formats.get(now[3] ?? "");
    if (format === undefined) throw new Unsayable(`the time format ${now[3]}`);
    return now[1] === undefined ? `{now(${format})}` : `{now(${format}, +${now[1]}${now[2]})}`;
  }
  if (inside === "random") return "{uuid()}";
  const known = request.get(inside) ?? nameOf(inside, names);
  if (known === undefined) throw new Unsayable(`the name ${inside} is declared nowhere`);
  return `{${known}}`;
}

/** Only what looks like a name is looked up: nothing of a source becomes a call here. */
function nameOf(inside: string, names: Names): string | undefined {
  return /^(?:whole:)?[\w.-]+$/.test(inside) ? names(inside) : undefined;
}

function translateCall(name: string, args: readonly string[], names: Names): string {
  const quoted = args.map((arg) => quote(translate(arg, names)));
  const [first = "", second = ""] = quoted;
  switch (name) {
    case "base64":
      return `{base64(${first})}`;
    case "sha256Base64":
      return `{base64(sha256(${first}))}`;
    case "sha256Hex":
      return `{hex(sha256(${first}))}`;
    case "hmacSha1Hex":
      return `{hex(hmac_sha1(${second}, ${first}))}`;
    case "ed25519Sign":
      return `{base64(sign(EdDSA, ${second}, ${first}))}`;
    default:
      throw new Unsayable(`the function ${name}`);
  }
}

/** Blanks, commas and line breaks of an argument stay. */
function quote(argument: string): string {
  const mark = argument.includes('"') ? "'" : '"';
  if (argument.includes(mark)) throw new Unsayable("an argument with quotes of both kinds");
  return mark + argument + mark;
}

function splitArguments(text: string): string[] {
  const args: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === "(" || text.startsWith("${", at)) depth++;
    else if (char === ")" || char === "}") depth--;
    else if (char === "," && depth === 0) {
      args.push(text.slice(from, at).trim());
      from = at + 1;
      // What follows a comma may begin with line breaks that mean nothing.
      while (/\s/.test(text[from] ?? "")) from++;
    }
  }
  return [...args, text.slice(from)];
}

/** The alternatives of `a || b`, outside of holes. */
export function alternatives(text: string): readonly string[] {
  return / \|\| /.test(text) ? text.split(" || ") : [text];
}

/** Of alternatives the first: the second is what a connection without that setting would take. */
export function firstOf(text: string): string {
  return alternatives(text)[0] ?? text;
}
