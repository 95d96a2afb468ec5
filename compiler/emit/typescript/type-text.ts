/** The text of a type with the tightness of its outermost operator, which says where it needs parentheses. */
export interface TypeText {
  readonly text: string;
  readonly binding: "atom" | "prefix" | "intersection" | "union";
  /** Of a union: its members. */
  readonly members?: readonly TypeText[];
}

/** A type that never needs parentheses. */
export function atom(text: string): TypeText {
  return { text, binding: "atom" };
}

export const unknownType: TypeText = atom("unknown");
export const neverType: TypeText = atom("never");
export const nullType: TypeText = atom("null");

/** A union of distinct members: `unknown` swallows all, `never` goes. A long one gets a line per member. */
export function union(types: readonly TypeText[], indent: string): TypeText {
  const members = distinct(types.flatMap((type) => type.members ?? [type])).filter(
    (type) => type.text !== "never",
  );
  if (members.some((type) => type.text === "unknown")) return unknownType;
  const [only] = members;
  if (only === undefined) return neverType;
  if (members.length === 1) return only;
  const texts = members.map((type) => (type.binding === "intersection" ? `(${type.text})` : type.text));
  const line = texts.join(" | ");
  const text =
    line.length <= 90 || line.includes("\n")
      ? line
      : texts.map((member) => `\n${indent}  | ${member}`).join("");
  return { text, binding: "union", members };
}

/** An intersection of distinct parts: `unknown` goes, and so does `{}` beside others; `never` swallows all. */
export function intersection(types: readonly TypeText[]): TypeText {
  const said = distinct(types).filter((type) => type.text !== "unknown");
  const parts = said.length > 1 ? said.filter((type) => type.text !== "{}") : said;
  const [only] = parts;
  if (only === undefined) return unknownType;
  if (parts.some((type) => type.text === "never")) return neverType;
  if (parts.length === 1) return only;
  return { text: parts.map(tight).join(" & "), binding: "intersection" };
}

/** A list of the type; callers may pass readonly ones. */
export function list(element: TypeText, readonly: boolean): TypeText {
  const text = `${element.binding === "atom" ? element.text : tight({ ...element, binding: "union" })}[]`;
  return readonly ? { text: `readonly ${text}`, binding: "prefix" } : atom(text);
}

/** The text where an operator follows or stands before it. */
export function tight(type: TypeText): string {
  return type.binding === "atom" || type.binding === "prefix" ? type.text : `(${type.text})`;
}

/** `prefix type`; a type of several lines brings its own line end. */
export function after(prefix: string, type: TypeText): string {
  return type.text.startsWith("\n") ? `${prefix}${type.text}` : `${prefix} ${type.text}`;
}

function distinct(types: readonly TypeText[]): readonly TypeText[] {
  const seen = new Set<string>();
  return types.filter(({ text }) => !seen.has(text) && seen.add(text));
}
