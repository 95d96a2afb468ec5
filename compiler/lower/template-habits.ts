/** Notations of other tools, which the language reads as plain text. */
import { isFunctionName } from "../../schema/language/functions.ts";
import { list } from "../../schema/language/spelling.ts";
import type { ParsedTemplate } from "../../schema/language/template.ts";
import type { Cursor } from "./cursor.ts";
import type { Lowering, Owner } from "./lowering.ts";
import { bindName, type Scope } from "./scope.ts";

/** Where a text stands and what its names may mean. */
export interface HabitPlace {
  readonly scope: Scope;
  readonly owner: Owner;
  readonly section: string;
}

/** What a text holds that only looks like a hole. */
export function reportHabits(lowering: Lowering, at: Cursor, text: string, place: HabitPlace): void {
  if (text.includes("{{")) {
    reportMustache(lowering, at, text, place);
    reportDoubledCall(lowering, at, text, place);
  }
  if (text.includes("${")) reportDollar(lowering, at, text, place);
  if (place.section.startsWith("aws_sigv4")) reportBareWord(lowering, at, text, place);
  if (text.includes("}{")) reportRepeated(lowering, at, text);
  if (/[<%(:[]/.test(text) || baseName(text, place) !== null) reportOtherNotation(lowering, at, text, place);
}

/** In a URL such a text is never what is meant, and no comment may let it pass. */
function ruleFor({ section }: HabitPlace, at: Cursor): "url/literal-name" | "template/mustache" {
  return section === "endpoint" || at.path[0] === "base_url" ? "url/literal-name" : "template/mustache";
}

/** `{ name }` where the name is known: a hole that only its blanks keep from being one. */
export function withoutBlanks(
  hole: string,
  scope: Scope,
): { readonly replace?: string; readonly title?: string } {
  const name = /^\{\s*([A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*)\s*\}$/.exec(hole)?.[1];
  if (name === undefined || !("symbol" in bindName(name.split("."), scope, "raw"))) return {};
  return { replace: `{${name}}`, title: "Remove the blanks from the hole" };
}

/** `{id}{id}`: a value twice, with nothing between, is what a key pressed twice leaves behind. */
function reportRepeated(lowering: Lowering, at: Cursor, text: string): void {
  for (const match of text.matchAll(/(?<!\{)(\{[\w.]+\})\1(?!\})/g)) {
    const [whole, hole = ""] = match;
    lowering.reportIn(at, match.index + hole.length, match.index + whole.length, {
      rule: "template/repeated-hole",
      message: `${hole} stands here twice in a row, and so its value is sent twice, as one text.`,
      help: "Remove one of them.",
      replace: "",
    });
  }
}

/** `{{declared_name}}`: a habit from mustache that gives literal braces here, and in a URL never what is meant. */
function reportMustache(lowering: Lowering, at: Cursor, text: string, place: HabitPlace): void {
  for (const match of text.matchAll(/\{\{\s*([A-Za-z_][\w.-]*)\s*\}\}/g)) {
    const name = match[1] ?? "";
    if (!("symbol" in bindName(name.split("."), place.scope, "raw"))) continue;
    lowering.markUnresolved(place.owner);
    lowering.reportIn(at, match.index, match.index + match[0].length, {
      rule: ruleFor(place, at),
      message: `${match[0]} is the text "{${name}}", not the value of \`${name}\`.`,
      help: `Write {${name}} for the value.`,
      replace: `{${name}}`,
      title: `Write {${name}} for ${match[0]}`,
    });
  }
}

/** `{{base64({key}:)}}`: doubled braces around a call, which would be sent as they stand. */
function reportDoubledCall(lowering: Lowering, at: Cursor, text: string, place: HabitPlace): void {
  for (const match of text.matchAll(/\{\{\s*([a-z]\w*)\(.*?\)\s*\}\}/g)) {
    const name = match[1] ?? "";
    if (!isFunctionName(name)) continue;
    lowering.markUnresolved(place.owner);
    lowering.reportIn(at, match.index, match.index + match[0].length, {
      rule: ruleFor(place, at),
      message: `Between doubled braces this is text, and \`${name}\` is not called.`,
      help: `Write {${name}(…)} with single braces.`,
      replace: match[0].slice(1, -1),
    });
  }
}

/** `${declared_name}`: the habit of shells and JavaScript, which sends a dollar sign before the value. */
function reportDollar(lowering: Lowering, at: Cursor, text: string, place: HabitPlace): void {
  for (const match of text.matchAll(/\$\{([A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*)\}(?!\})/g)) {
    const name = match[1] ?? "";
    if (!("symbol" in bindName(name.split("."), place.scope, "raw"))) continue;
    lowering.markUnresolved(place.owner);
    lowering.reportIn(at, match.index, match.index + match[0].length, {
      rule: ruleFor(place, at),
      message: `${match[0]} is a dollar sign and the value of \`${name}\`.`,
      help: `Write {${name}} for the value alone.`,
      replace: `{${name}}`,
    });
  }
}

/** A text that is a name alone, as manuals and other tools write what is to be filled in. */
const asWhole = /^(?:<([\w-]+)>|%([\w-]+)%|:([\w-]+)|\(([\w-]+)\)|\[([\w-]+)\])$/;
/** Such a name within a text, in the notations that mean little else. */
const within = /<([A-Za-z_][\w-]*)>|(?<![\w%])%([A-Za-z_][\w-]*)%(?![\w%])/g;

/** The beginning of an endpoint that is the name of what should stand there: `base_url/items`, `:base_url/items`. */
function baseName(text: string, { section }: HabitPlace): RegExpExecArray | null {
  const first = text.charCodeAt(0);
  const isName =
    first === 58 || first === 95 || (first >= 65 && first <= 90) || (first >= 97 && first <= 122);
  if (!isName || !isAddress(section) || text.startsWith("http")) return null;
  return /^:([A-Za-z_][\w-]*)(?=\/)|^(\w*(?:url|host|domain)\w*)(?=\/)/i.exec(text);
}

/** Sections that hold URLs. */
function isAddress(section: string): boolean {
  return section.includes("endpoint") || section.includes("url");
}

/** `<token>` and the like. A path parameter has a rule of its own; a body may be XML, or hold a pattern of SQL. */
function reportOtherNotation(lowering: Lowering, at: Cursor, text: string, place: HabitPlace): void {
  const isUrl = isAddress(place.section) || at.path[0] === "base_url";
  const whole = ("<%:([".includes(text.charAt(0)) ? asWhole.exec(text) : null) ?? baseName(text, place);
  const isWithin = place.section !== "body" && (text.includes("<") || text.includes("%"));
  const found = whole ? [whole] : isWithin ? text.matchAll(within) : [];
  for (const match of found) {
    const name = match.slice(1).find((one) => one !== undefined) ?? "";
    const bound = bindName([name], place.scope, "raw");
    // Of a host that is none, and of a path parameter without a hole, there are rules that say more.
    const isHost =
      isUrl &&
      (match.index > 0 || at.path[0] === "base_url") &&
      /^(?:\w+:\/\/)?[^/]*$/.test(text.slice(0, match.index));
    if (!("symbol" in bound) || isHost || (isUrl && bound.symbol.kind === "parameter")) continue;
    lowering.markUnresolved(place.owner);
    lowering.reportIn(at, match.index, match.index + match[0].length, {
      rule: ruleFor(place, at),
      message: `${match[0]} is sent as it stands, not the value of \`${name}\`.`,
      help: `Write {${name}} for the value.`,
      replace: `{${name}}`,
    });
  }
}

/** `region: region`: none of the places of a signature takes the name of a field. */
function reportBareWord(lowering: Lowering, at: Cursor, text: string, { scope, owner }: HabitPlace): void {
  if (!/^[A-Za-z_][\w-]*$/.test(text) || !("symbol" in bindName([text], scope, "raw"))) return;
  lowering.markUnresolved(owner);
  lowering.reportIn(at, 0, text.length, {
    rule: "template/bare-argument",
    message: `This is the text "${text}", not the value of \`${text}\`.`,
    help: `Write {${text}} for the value.`,
    replace: `{${text}}`,
  });
}

/** `{base64(api_token)}` encodes the text "api_token"; `{base64(email:api_token)}` is the same slip twice. */
export function reportBareArgument(
  lowering: Lowering,
  arg: ParsedTemplate,
  at: Cursor,
  { scope, section, owner }: HabitPlace,
): void {
  const [only] = arg.parts;
  if (
    arg.quoted ||
    arg.parts.length !== 1 ||
    only?.kind !== "text" ||
    !/^:?[A-Za-z_][\w-]*(?:[:.|/][A-Za-z_][\w-]*)*:?$/.test(only.text)
  )
    return;
  const isKnown = (name: string): boolean => "symbol" in bindName([name], scope, "raw");
  const parts = only.text.split(/[:.|/]/).filter(Boolean);
  const names = parts.filter(isKnown);
  // `email/token:api_token`: what is joined by a colon is a user name and a password, whatever stands between.
  if (names.length === 0 || (names.length < parts.length && !only.text.includes(":"))) return;
  lowering.markUnresolved(owner);
  const meant = only.text.replace(/[A-Za-z_][\w-]*/g, (name) => (isKnown(name) ? `{${name}}` : name));
  lowering.reportIn(at, only.start, only.end, {
    rule: section === "endpoint" ? "url/literal-name" : "template/bare-argument",
    message: `This is the text "${only.text}", not the value of ${list(names)}.`,
    help: `Write ${meant} for the value, or put the text in quotes.`,
    replace: meant,
  });
}
