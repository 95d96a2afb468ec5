import type { Hole, Template, ValueSymbol } from "../../../schema/ir.ts";
import {
  type ParsedCall,
  type ParsedPart,
  type ParsedTemplate,
  parseTemplate,
} from "../../../schema/language/template.ts";
import type { Reference } from "../../lower/lowering.ts";

/**
 * How a value comes out of the functions around it. `plain`: as it is, or encoded so that anyone can read it.
 * `hashed`: a fixed hash, which stands in for the secret wherever the hash is what the server asks for, and gives a
 * short one away. `signed`: a signature, which is made to be shown: a keyed hash, the key of a JWT, or a hash over
 * something that changes with each request.
 */
export type Form = "plain" | "hashed" | "signed";

export interface Passage {
  readonly form: Form;
  /** The function that gave the value this form, or that encodes it. */
  readonly by?: string;
}

/** What the functions around a reference make of its value. */
export function passageOf({ written }: Reference): Passage {
  if (!written) return { form: "plain" };
  const parsed = parseTemplate(String(written.scalar.value));
  if (!("template" in parsed)) return { form: "plain" };
  let passage: Passage = { form: "plain" };
  let inside: ParsedTemplate | undefined = parsed.template;
  while (inside) {
    const call: ParsedPart | undefined = inside.parts.find(
      ({ kind, start, end }) => kind === "call" && start <= written.name.start && written.name.end <= end,
    );
    if (call?.kind !== "call") break;
    const index: number = argumentOf(call, written.name.start, written.name.end);
    passage = through(passage, call.name, index, call.args.some(varies));
    inside = call.args[index];
  }
  return passage;
}

function argumentOf({ args }: ParsedCall, start: number, end: number): number {
  return args.findIndex(({ parts }) => parts.some((part) => part.start <= start && end <= part.end));
}

/** True where the text differs from request to request by itself. */
function varies({ parts }: ParsedTemplate): boolean {
  return parts.some(
    (part) =>
      (part.kind === "name" && part.path[0] === "request") ||
      (part.kind === "call" && (part.name === "now" || part.name === "uuid" || part.args.some(varies))),
  );
}

/** A symbol that a template carries, and in which form. */
export interface Carried extends Passage {
  readonly symbol: ValueSymbol;
}

/** Every value that a bound template sends, by the same rules. */
export function carriedBy(template: Template, around: Passage = { form: "plain" }): Carried[] {
  return template.parts.flatMap((part): Carried[] => {
    if (typeof part === "string") return [];
    if (part.kind === "ref") return [{ ...around, symbol: part.symbol }];
    const changing = part.args.some(({ parts }) => parts.some(variesBound));
    return part.args.flatMap((arg, index) => carriedBy(arg, through(around, part.function, index, changing)));
  });
}

function variesBound(part: string | Hole): boolean {
  if (typeof part === "string") return false;
  if (part.kind === "ref") return part.symbol.kind === "request";
  return (
    part.function === "now" ||
    part.function === "uuid" ||
    part.args.some(({ parts }) => parts.some(variesBound))
  );
}

function through(before: Passage, name: string, argument: number, changing: boolean): Passage {
  if (before.form === "signed") return before;
  if (name.startsWith("hmac_") || ((name === "jwt" || name === "sign") && argument === 1))
    return { form: "signed", by: name };
  if (/^(?:md5|sha1|sha256|sha512)$/.test(name))
    return changing ? { form: "signed", by: name } : { form: "hashed", by: name };
  return before.form === "plain" ? { ...before, by: before.by ?? name } : before;
}
