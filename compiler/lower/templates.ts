import type { CallHole, Context, Hole, RefHole, Template, ValueSymbol } from "../../schema/ir.ts";
import {
  functions,
  isFunctionName,
  jwtAlgorithms,
  nowFormats,
  parseOffset,
} from "../../schema/language/functions.ts";
import { closest, list, sameButForStyle } from "../../schema/language/spelling.ts";
import {
  type ParsedCall,
  type ParsedName,
  type ParsedPart,
  type ParsedTemplate,
  parseTemplate,
} from "../../schema/language/template.ts";
import type { Finding } from "../diagnostics.ts";
import type { Cursor } from "./cursor.ts";
import { type Declaration, declarationsOf, declaredElsewhere } from "./declared-names.ts";
import type { Lowering, Owner } from "./lowering.ts";
import { bindName, isHostContext, type Scope, type Unbound } from "./scope.ts";
import { reportBareArgument, reportHabits, withoutBlanks } from "./template-habits.ts";
import { TemplateReference } from "./template-reference.ts";

/** Where a template stands and what its names may mean. */
export interface Place {
  readonly scope: Scope;
  readonly context: Context;
  readonly owner: Owner;
  readonly section: string;
  /** Inside a function's argument: the host part that the result will stand in. */
  readonly host?: Context;
  /** What becomes of literal text; it stays as written unless given. */
  readonly literal?: (text: string) => string;
}

/** Parses the text at a cursor; a syntax error is reported and gives undefined. */
export function parseAt(
  lowering: Lowering,
  at: Cursor,
  { owner, scope, section }: Pick<Place, "owner" | "scope" | "section">,
): ParsedTemplate | undefined {
  const value = at.scalar?.value;
  if (value === undefined || value === null) return undefined;
  const text = String(value);
  if (at.scalar && !lowering.templates.has(at.scalar)) lowering.templates.set(at.scalar, scope);
  const result = parseTemplate(text);
  if ("template" in result) {
    reportHabits(lowering, at, text, { owner, scope, section });
    return result.template;
  }
  const { message, help, start, end } = result.problem;
  lowering.markUnresolved(owner);
  lowering.reportIn(at, start, end, {
    rule: "template/syntax",
    message,
    help,
    ...withoutBlanks(text.slice(start, end), scope),
  });
  return undefined;
}

/** Reads and binds the template at a cursor. */
export function lowerTemplate(lowering: Lowering, at: Cursor, place: Place): Template | undefined {
  const parsed = parseAt(lowering, at, place);
  return parsed && bindParts(lowering, parsed.parts, at, place);
}

export function bindParts(
  lowering: Lowering,
  parts: readonly ParsedPart[],
  at: Cursor,
  place: Place,
): Template | undefined {
  const bound: (string | Hole)[] = [];
  let whole = true;
  for (const part of parts) {
    if (part.kind === "text") {
      const text = place.literal ? place.literal(part.text) : part.text;
      const last = bound.at(-1);
      if (typeof last === "string") bound[bound.length - 1] = last + text;
      else bound.push(text);
      continue;
    }
    const hole =
      part.kind === "name" ? bindRef(lowering, part, at, place) : bindCall(lowering, part, at, place);
    if (hole) bound.push(hole);
    else whole = false;
  }
  if (!whole) lowering.markUnresolved(place.owner);
  return whole ? { parts: bound } : undefined;
}

function bindRef(lowering: Lowering, part: ParsedName, at: Cursor, place: Place): RefHole | undefined {
  const { context, scope } = place;
  const host = place.host ?? (isHostContext(context) ? context : undefined);
  const bound = bindName(part.path, scope, host ?? context);
  if ("symbol" in bound) {
    const { symbol, optional, secret, type } = bound;
    if (host && (symbol.kind === "parameter" || symbol.kind === "request")) {
      lowering.reportIn(at, part.start, part.end, {
        rule: "url/parameter-in-host",
        message:
          symbol.kind === "parameter"
            ? `The parameter \`${symbol.name}\` would choose the host that the credential goes to.`
            : "A part of the request cannot choose its host.",
        help: "Use a connection setting or a credential field in the scheme, host or port.",
        label: "becomes a part of the host",
        ...(symbol.kind === "parameter" ? { related: declaredHere(lowering, symbol.name, place.owner) } : {}),
      });
      return undefined;
    }
    lowering.references.push(new TemplateReference(lowering.text, bound, at, part, place));
    return { kind: "ref", symbol, context, optional, secret, type };
  }
  if (scope.open) return undefined;
  if (bound.unknown && isHostContext(host ?? context) && part.path.length <= 2) {
    return implySetting(lowering, part, at, place, host ?? context);
  }
  reportUnbound(lowering, bound, part, at, place);
  return undefined;
}

/** Says what a name could have meant: a near one, with its declaration, or its own declaration at another place. */
function reportUnbound(
  lowering: Lowering,
  { rule, message, help, meant, certain }: Unbound,
  part: ParsedName,
  at: Cursor,
  { owner }: Place,
): void {
  const name = part.path.at(-1) ?? "";
  const near =
    meant === undefined ? undefined : declarationsOf(lowering.declared, meant.split(".").at(-1) ?? "")[0];
  const other =
    rule === "template/unknown-name" ? declaredElsewhere(lowering.declared, name, owner) : undefined;
  const shown = meant !== undefined && /^[\w.-]+$/.test(meant) ? `{${meant}}` : undefined;
  const finding = {
    rule,
    message: other ? `\`${name}\` is not declared here: it is ${other.words}.` : message,
    label: rule === "template/unknown-name" ? "not known here" : "used here",
    ...(rule === "template/unknown-name" && !other ? { cause: causeOf(lowering, owner, name) } : {}),
    help:
      other && meant === undefined && owner.kind === "operation" && other.kind === "parameter"
        ? declareToo(name)
        : help,
    related: [
      ...(near && meant !== undefined
        ? [{ ...placeOf(near), message: `\`${meant.split(".").at(-1)}\` is declared here` }]
        : []),
      ...(other ? [{ ...placeOf(other), message: `\`${name}\` is ${other.words}` }] : []),
      ...(rule === "template/unknown-name" ? [] : extractsOf(lowering, name)),
    ],
    ...(near && meant !== undefined && rule === "template/unknown-name"
      ? { misses: { name, meant: meant.split(".").at(-1) ?? meant, declared: near.path, at: near.at } }
      : {}),
    ...(shown === undefined ? {} : { replace: shown }),
    ...(shown !== undefined && certain && !other
      ? { title: `Write ${shown} for {${part.path.join(".")}}` }
      : {}),
  };
  lowering.reportIn(at, part.start, part.end, finding);
}

/** Where an operation has no parameters at all, or a profile no fields, one thing is lacking, whatever the names are. */
function causeOf({ declared }: Lowering, { kind, id }: Owner, name: string): string {
  const isEmpty =
    kind === "operation"
      ? declared.operations.some((one) => one.id === id && one.parameters.length === 0)
      : kind === "profile" && declared.profiles.some((one) => one.id === id && !one.hasFields && !one.chain);
  return isEmpty ? `${kind} ${id}` : `${kind} ${id} ${name}`;
}

/** Where a name is extracted, for what is asked too early or of several steps. */
function extractsOf(lowering: Lowering, name: string): NonNullable<Finding["related"]> {
  const found = declarationsOf(lowering.declared, name).filter(({ kind }) => kind === "extract");
  return found.slice(0, 3).map((one) => ({ ...placeOf(one), message: `\`${name}\` is extracted here` }));
}

function placeOf({ path, at }: Declaration): Pick<Declaration, "path" | "at"> {
  return { path, at };
}

/** Where an operation declares its parameter. */
function declaredHere(lowering: Lowering, name: string, owner: Owner): NonNullable<Finding["related"]> {
  const own = declarationsOf(lowering.declared, name).find(
    (one) => one.kind === "parameter" && one.owner === owner.id,
  );
  return own ? [{ ...placeOf(own), message: "the caller chooses it" }] : [];
}

function declareToo(name: string): string {
  return `Declare a parameter \`${name}\` in this operation too.`;
}

/** An undeclared name in a host is a setting that every connection gives. */
function implySetting(
  lowering: Lowering,
  part: ParsedName,
  at: Cursor,
  place: Place,
  context: Context,
): RefHole {
  const key = part.path.at(-1) ?? "";
  const span = spanOfPart(lowering, at, part);
  if (!lowering.implied.has(key)) lowering.implied.set(key, { key, context, path: at.path, span });
  const symbol: ValueSymbol = { kind: "setting", key };
  lowering.references.push(new TemplateReference(lowering.text, { symbol, secret: false }, at, part, place));
  return { kind: "ref", symbol, context: place.context, optional: false, secret: false, type: "string" };
}

function bindCall(
  lowering: Lowering,
  part: ParsedCall,
  at: Cursor,
  place: Place,
  nested = false,
): CallHole | undefined {
  const fail = (
    rule: "template/unknown-function" | "template/arity" | "template/argument" | "template/bytes-in-text",
    message: string,
    help: string,
    from: ParsedPart | ParsedCall = part,
  ): undefined => {
    lowering.reportIn(at, from.start, from.end, { rule, message, help });
    return undefined;
  };
  const { name } = part;
  if (!isFunctionName(name)) {
    const known = Object.keys(functions);
    const meant = closest(name, known);
    const start = part.start + (String(at.scalar?.value)[part.start] === "{" ? 1 : 0);
    const message = `There is no function \`${name}\`.`;
    if (meant && sameButForStyle(name, known) === meant) {
      const span = at.scalar && lowering.span(at.scalar, start, start + name.length);
      const fix = { title: `Write \`${meant}\` for \`${name}\``, edits: span ? [{ span, text: meant }] : [] };
      const isExact = span !== undefined && span !== at.scalar?.span;
      const help = `Functions are written in lower case: \`${meant}\`.`;
      const whole = spanOfPart(lowering, at, part);
      lowering.report({
        rule: "template/unknown-function",
        path: at.path,
        span: whole,
        message,
        help,
        ...(isExact ? { fix } : {}),
      });
      return undefined;
    }
    return fail(
      "template/unknown-function",
      message,
      meant ? `Did you mean \`${meant}\`?` : `The functions are ${list(known, 30)}.`,
    );
  }
  const signature = functions[name];
  const count = part.args.length;
  if (count < signature.min || count > signature.max) {
    return fail(
      "template/arity",
      `\`${name}\` takes ${signature.min === signature.max ? signature.min : `${signature.min} to ${signature.max}`} argument${signature.max === 1 ? "" : "s"}, not ${count}.`,
      `Write {${signature.usage}}.`,
    );
  }
  const [head] = part.args;
  if (head && head.parts.length === 0 && !head.quoted)
    return fail(
      "template/argument",
      `The first argument of \`${name}\` is empty.`,
      `Write {${signature.usage}}, or "" for an empty text that is meant.`,
    );
  if (signature.returns === "bytes" && !nested) {
    return fail(
      "template/bytes-in-text",
      `\`${name}\` gives bytes, which cannot stand in a text.`,
      `Wrap it: {hex(${name}(…))} or {base64(${name}(…))}.`,
    );
  }
  if (isHostContext(place.context) && !hostFunctions.has(name))
    return fail(
      "template/argument",
      `\`${name}\` cannot stand in a host.`,
      "Use a connection setting or a credential field, with lower, upper, trim or default if need be.",
    );
  const problem = literalProblem(name, part.args);
  if (problem) return fail("template/argument", problem.message, problem.help);
  const args: Template[] = [];
  const said = literalArguments(name);
  for (const [index, arg] of part.args.entries()) {
    if (index >= said) reportBareArgument(lowering, arg, at, place);
    const bound = bindArgument(lowering, arg, at, place, signature.takesBytes);
    if (!bound) return undefined;
    args.push(bound);
  }
  const holes = args.flatMap((arg) => arg.parts.filter((p): p is Hole => typeof p !== "string"));
  const last = args.at(-1);
  const optional =
    name === "default"
      ? (last?.parts.some((p) => typeof p !== "string" && p.optional) ?? false)
      : holes.some((hole) => hole.optional);
  return {
    kind: "call",
    function: name,
    args,
    context: name === "path" && place.context === "path" ? "path_slashes" : place.context,
    optional,
    secret: holes.some((hole) => hole.secret),
  };
}

/** What may shape a host: the value stays the setting's. */
const hostFunctions: ReadonlySet<string> = new Set(["lower", "upper", "trim", "default"]);

function bindArgument(
  lowering: Lowering,
  arg: ParsedTemplate,
  at: Cursor,
  place: Place,
  takesBytes: boolean,
): Template | undefined {
  const host = place.host ?? (isHostContext(place.context) ? place.context : undefined);
  const { scope, owner, section } = place;
  const inner: Place = { scope, context: "raw", owner, section, ...(host ? { host } : {}) };
  const [only] = arg.parts;
  if (takesBytes && arg.parts.length === 1 && only?.kind === "call") {
    const call = bindCall(lowering, only, at, inner, true);
    return call && { parts: [call] };
  }
  return bindParts(lowering, arg.parts, at, inner);
}

/** How many arguments of a function, from the first on, are words of the language. */
function literalArguments(name: string): number {
  return name === "now" ? 2 : name === "jwt" || name === "sign" ? 1 : 0;
}

function literalProblem(
  name: string,
  args: readonly ParsedTemplate[],
): { message: string; help: string } | undefined {
  const literal = (index: number): string | undefined => {
    const parts = args[index]?.parts ?? [];
    if (parts.length === 0) return "";
    return parts.length === 1 && parts[0]?.kind === "text" ? parts[0].text : undefined;
  };
  if (name === "now" && args.length > 0) {
    const format = literal(0);
    if (format === undefined || !nowFormats.includes(format))
      return {
        message: `\`${format ?? "…"}\` is no format of \`now\`.`,
        help: `The formats are ${list(nowFormats)}.`,
      };
    const offset = args.length > 1 ? literal(1) : "0";
    if (offset === undefined || parseOffset(offset) === undefined)
      return { message: "This offset of `now` is not understood.", help: "Write it as +300, -5m, 1h or 7d." };
  }
  if (name === "jwt" || name === "sign") {
    const algorithm = literal(0);
    if (algorithm === undefined || !jwtAlgorithms.includes(algorithm))
      return {
        message: `\`${algorithm ?? "…"}\` is no signature algorithm.`,
        help: `The algorithms are ${list(jwtAlgorithms, 20)}.`,
      };
  }
  return undefined;
}

function spanOfPart(
  lowering: Lowering,
  at: Cursor,
  part: ParsedPart | ParsedCall,
): { start: number; end: number } {
  const scalar = at.scalar;
  return scalar ? lowering.span(scalar, part.start, part.end) : { start: 0, end: 0 };
}
