/** Names and functions inside a hole of a template. */
import { type FunctionName, functions } from "../../../schema/language/functions.ts";
import type { Model } from "../../lower/lower.ts";
import type { Scope } from "../../lower/scope.ts";
import { functionWords } from "../function-words.ts";
import type { CursorContext } from "./cursor-context.ts";
import { type CompletionItem, literal } from "./items.ts";

interface HoleName {
  /** As it is written between braces. */
  readonly text: string;
  readonly detail: string;
}

/** What may be written at the cursor where it stands in an open hole; undefined where it stands in plain text. */
export function templateItems(context: CursorContext, model: Model): readonly CompletionItem[] | undefined {
  const at = context.text.indexOf(context.mark);
  const [, bound] =
    [...model.lowering.templates].find(([{ span }]) => span.start <= at && at < span.end) ?? [];
  const open = openHole(context.prefix);
  if (!bound || open === undefined) return undefined;
  const scope = scopeAt(context, bound);
  const typed = /[\w.-]*$/.exec(open)?.[0] ?? "";
  const before = open.slice(0, open.length - typed.length);
  const isArgument = before.trim() !== "";
  // Inside an argument a name has braces of its own; right behind another token nothing can follow.
  if (isArgument && !/[(,]\s*$/.test(before)) return [];
  const qualifier = typed.includes(".") ? typed.slice(0, typed.lastIndexOf(".") + 1) : "";
  const names = qualifier ? qualifiedNames(scope, qualifier) : bareNames(scope);
  return [
    ...names.map((name, rank) => nameItem(context, name, typed, isArgument, rank)),
    ...(qualifier
      ? []
      : functionNames.map((name, index) => functionItem(context, name, typed, isArgument, 500 + index))),
  ];
}

// The keys of the table are its names.
const functionNames = Object.keys(functions) as readonly FunctionName[];

/** In the host of an endpoint no parameter may stand, in its path those with `location: path` alone. */
function scopeAt({ hit, prefix }: CursorContext, scope: Scope): Scope {
  if (hit.path[0] !== "operations" || hit.path.at(-1) !== "endpoint" || prefix.includes("?")) return scope;
  const inHost = /^https?:\/\/[^/]*$/.test(prefix);
  return {
    ...scope,
    parameters: inHost ? [] : scope.parameters.filter(({ location }) => location === "path"),
  };
}

/** The text from the last brace that is still open; `{{` is a literal. */
function openHole(prefix: string): string | undefined {
  const open: number[] = [];
  for (let at = 0; at < prefix.length; at++) {
    if (prefix[at] === "{" && prefix[at + 1] === "{" && open.length === 0) at += 1;
    else if (prefix[at] === "{") open.push(at);
    else if (prefix[at] === "}") open.pop();
  }
  const last = open.at(-1);
  return last === undefined ? undefined : prefix.slice(last + 1);
}

function nameItem(
  context: CursorContext,
  { text, detail }: HoleName,
  typed: string,
  isArgument: boolean,
  rank: number,
): CompletionItem {
  const written = context.quote === '"' ? text.replaceAll('"', "'") : text;
  const insert = isArgument ? `{${written}}` : written + closing(context);
  return {
    label: text,
    kind: "variable",
    span: wordSpan(context, typed),
    insert,
    snippet: false,
    detail,
    rank,
    filter: text,
  };
}

function functionItem(
  context: CursorContext,
  name: FunctionName,
  typed: string,
  isArgument: boolean,
  rank: number,
): CompletionItem {
  const { usage, max } = functions[name];
  const stops = Array.from({ length: Math.max(max, 0) }, (_, index) => `$${index + 1}`).join(", ");
  const insert = `${name}(${stops})${isArgument ? "" : literal(closing(context))}`;
  const documentation = functionWords[name];
  return {
    label: name,
    kind: "function",
    span: wordSpan(context, typed),
    insert,
    snippet: true,
    detail: usage,
    documentation,
    rank,
  };
}

/** The brace, and then the quote, that the author has not written yet. */
function closing({ text, mark, quote, closed }: CursorContext): string {
  const rest = text.slice(text.indexOf(mark) + mark.length);
  const word = /^[\w.-]*/.exec(rest)?.[0] ?? "";
  if (rest[word.length] === "}") return "";
  return `}${quote !== "" && !closed && rest.length > word.length && rest[word.length] === quote ? quote : ""}`;
}

/** The word around the cursor: what was typed, and the rest of a word that stands behind it. */
function wordSpan(
  { span, prefix, text, mark }: CursorContext,
  typed: string,
): { start: number; end: number } {
  const cursor = span.start + prefix.length;
  const rest = /^[\w.-]*/.exec(text.slice(text.indexOf(mark) + mark.length))?.[0] ?? "";
  return { start: cursor - typed.length, end: Math.min(cursor + rest.length, Math.max(span.end, cursor)) };
}

function bareNames(scope: Scope): readonly HoleName[] {
  const auth = [
    ...extractNames(scope),
    ...credentialNames(scope),
    ...oauthNames(scope),
    ...settingNames(scope),
  ];
  const call = [
    ...parameterNames(scope),
    ...settingNames(scope),
    ...credentialNames(scope),
    ...extractNames(scope),
  ];
  const qualified = scope.place === "auth" ? parameterNames(scope).map(qualifiedParameter) : [];
  const all = [...(scope.place === "auth" ? auth : call).map(asWritten), ...qualified];
  return [...new Map([...all].reverse().map((name) => [name.text, name])).values()].reverse();
}

/** A parameter whose name is no identifier is written in brackets. */
function asWritten(name: HoleName): HoleName {
  return /^[A-Za-z_][\w-]*$/.test(name.text) ? name : qualifiedParameter(name);
}

function qualifiedParameter({ text, detail }: HoleName): HoleName {
  return { text: /^[A-Za-z_][\w-]*$/.test(text) ? `params.${text}` : `params["${text}"]`, detail };
}

function qualifiedNames(scope: Scope, qualifier: string): readonly HoleName[] {
  const list = qualified[qualifier] ?? (qualifier.startsWith("chain.") ? stepNames(qualifier) : undefined);
  return (list?.(scope) ?? []).map(({ text, detail }) => ({ text: qualifier + text, detail }));
}

const qualified: { readonly [qualifier: string]: (scope: Scope) => readonly HoleName[] } = {
  "params.": (scope) => parameterNames(scope).filter(({ text }) => /^[A-Za-z_][\w-]*$/.test(text)),
  "credentials.": credentialNames,
  "config.": settingNames,
  "oauth.": (scope) => [{ text: "access_token", detail: "the token in use" }, ...oauthNames(scope)],
  "chain.": (scope) => [
    ...extractNames(scope),
    ...[...new Set(scope.extracts.map(({ step }) => step))].map((step) => ({
      text: `${step}.`,
      detail: "step",
    })),
  ],
  "request.": () =>
    ["method", "host", "path", "query", "body"].map((text) => ({
      text,
      detail: "part of the request being signed",
    })),
};

function stepNames(qualifier: string): (scope: Scope) => readonly HoleName[] {
  const step = qualifier.slice("chain.".length, -1);
  return (scope) =>
    scope.extracts
      .filter((one) => one.step === step)
      .map(({ name }) => ({ text: name, detail: `extract of ${step}` }));
}

function parameterNames({ parameters }: Scope): readonly HoleName[] {
  return parameters.map(({ name, location, type }) => ({
    text: name,
    detail: `${type} parameter in ${location}`,
  }));
}

function settingNames({ settings }: Scope): readonly HoleName[] {
  return settings.map(({ key, type }) => ({ text: key, detail: `setting (${type})` }));
}

function credentialNames({ profiles }: Scope): readonly HoleName[] {
  const fields = profiles.flatMap(({ id, fields }) =>
    fields
      .filter(({ key, implied }) => !(implied && (key === "refresh_token" || key === "expires_at")))
      .map(({ key, secret }) => ({
        text: key,
        detail: `${secret ? "secret " : ""}credential field of ${id}`,
      })),
  );
  return fields;
}

function extractNames({ extracts }: Scope): readonly HoleName[] {
  return extracts.map(({ step, name }) => ({ text: name, detail: `extract of the step ${step}` }));
}

function oauthNames({ oauth }: Scope): readonly HoleName[] {
  return oauth.map((text) => ({ text, detail: "value of oauth.extract" }));
}
