import type { CallHole, Context, Hole, RefHole, Template } from "../../schema/ir.ts";
import {
  functions,
  isFunctionName,
  jwtAlgorithms,
  nowFormats,
  parseOffset,
} from "../../schema/language/functions.ts";
import { closest, list } from "../../schema/language/spelling.ts";
import {
  type ParsedCall,
  type ParsedName,
  type ParsedPart,
  type ParsedTemplate,
  parseTemplate,
} from "../../schema/language/template.ts";
import type { Cursor } from "./cursor.ts";
import type { Lowering, Owner } from "./lowering.ts";
import { bindName, isHostContext, type Scope } from "./scope.ts";

/** Where a template stands and what its names may mean. */
export interface Place {
  readonly scope: Scope;
  readonly context: Context;
  readonly owner: Owner;
  readonly section: string;
  /** What becomes of literal text; it stays as written unless given. */
  readonly literal?: (text: string) => string;
}

/** Parses the text at a cursor; a syntax error is reported and gives undefined. */
export function parseAt(lowering: Lowering, at: Cursor, owner: Owner): ParsedTemplate | undefined {
  const value = at.scalar?.value;
  if (value === undefined || value === null) return undefined;
  const text = String(value);
  const result = parseTemplate(text);
  if ("template" in result) {
    reportMustache(lowering, at, text);
    return result.template;
  }
  const { message, help, start, end } = result.problem;
  lowering.markUnresolved(owner);
  lowering.reportIn(at, start, end, { rule: "template/syntax", message, help });
  return undefined;
}

/** `{{declared_name}}`: a habit from mustache that gives literal braces here. */
function reportMustache(lowering: Lowering, at: Cursor, text: string): void {
  for (const match of text.matchAll(/\{\{\s*([A-Za-z_][\w.-]*)\s*\}\}/g)) {
    const name = match[1] ?? "";
    if (!isDeclaredAnywhere(lowering, name.split(".").at(-1) ?? name)) continue;
    lowering.reportIn(at, match.index, match.index + match[0].length, {
      rule: "template/mustache",
      message: `${match[0]} is the text "{${name}}", not the value of \`${name}\`.`,
      help: `Write {${name}} for the value.`,
      replace: `{${name}}`,
    });
  }
}

function isDeclaredAnywhere({ declared }: Lowering, name: string): boolean {
  return (
    declared.settings.some((s) => s.key === name) ||
    declared.profiles.some((p) => p.fields.some((f) => f.key === name)) ||
    declared.operations.some((o) => o.parameters.some((p) => p.name === name)) ||
    declared.chains.some((c) => c.steps.some((s) => s.extracts.some((e) => e.name === name)))
  );
}

/** Reads and binds the template at a cursor. */
export function lowerTemplate(lowering: Lowering, at: Cursor, place: Place): Template | undefined {
  const parsed = parseAt(lowering, at, place.owner);
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
  const { context, scope, owner, section } = place;
  const span = spanOfPart(lowering, at, part);
  const bound = bindName(part.path, scope, context);
  if ("symbol" in bound) {
    if (bound.symbol.kind === "parameter" && isHostContext(context)) {
      lowering.reportIn(at, part.start, part.end, {
        rule: "url/parameter-in-host",
        message: `The parameter \`${bound.symbol.name}\` would choose the host that the credential goes to.`,
        help: "Use a connection setting or a credential field in the scheme, host or port.",
      });
      return undefined;
    }
    lowering.references.push({
      symbol: bound.symbol,
      context,
      secret: bound.secret,
      owner,
      path: at.path,
      span,
      section,
    });
    return {
      kind: "ref",
      symbol: bound.symbol,
      context,
      optional: bound.optional,
      secret: bound.secret,
      type: bound.type,
    };
  }
  if (bound.unknown && isHostContext(context) && part.path.length <= 2) {
    const key = part.path.at(-1) ?? "";
    if (!lowering.implied.has(key)) lowering.implied.set(key, { key, context, path: at.path, span });
    lowering.references.push({
      symbol: { kind: "setting", key },
      context,
      secret: false,
      owner,
      path: at.path,
      span,
      section,
    });
    return {
      kind: "ref",
      symbol: { kind: "setting", key },
      context,
      optional: false,
      secret: false,
      type: "string",
    };
  }
  if (scope.open) return undefined;
  const { rule, message, help, meant } = bound;
  lowering.reportIn(at, part.start, part.end, {
    rule,
    message,
    help,
    ...(meant ? { replace: `{${meant}}` } : {}),
  });
  return undefined;
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
    const meant = closest(name, Object.keys(functions));
    return fail(
      "template/unknown-function",
      `There is no function \`${name}\`.`,
      meant ? `Did you mean \`${meant}\`?` : `The functions are ${list(Object.keys(functions), 30)}.`,
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
  if (signature.returns === "bytes" && !nested) {
    return fail(
      "template/bytes-in-text",
      `\`${name}\` gives bytes, which cannot stand in a text.`,
      `Wrap it: {hex(${name}(…))} or {base64(${name}(…))}.`,
    );
  }
  const problem = literalProblem(name, part.args);
  if (problem) return fail("template/argument", problem.message, problem.help);
  const args: Template[] = [];
  for (const arg of part.args) {
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

function bindArgument(
  lowering: Lowering,
  arg: ParsedTemplate,
  at: Cursor,
  place: Place,
  takesBytes: boolean,
): Template | undefined {
  reportBareArgument(lowering, arg, at, place.scope);
  const inner: Place = { scope: place.scope, context: "raw", owner: place.owner, section: place.section };
  const [only] = arg.parts;
  if (takesBytes && arg.parts.length === 1 && only?.kind === "call") {
    const call = bindCall(lowering, only, at, inner, true);
    return call && { parts: [call] };
  }
  return bindParts(lowering, arg.parts, at, inner);
}

/** `{base64(api_token)}` encodes the text "api_token". */
function reportBareArgument(lowering: Lowering, arg: ParsedTemplate, at: Cursor, scope: Scope): void {
  const [only] = arg.parts;
  if (arg.parts.length !== 1 || only?.kind !== "text") return;
  const bound = bindName([only.text], scope, "raw");
  if (!("symbol" in bound)) return;
  lowering.reportIn(at, only.start, only.end, {
    rule: "template/bare-argument",
    message: `This is the text "${only.text}", not the value of \`${only.text}\`.`,
    help: `Write {${only.text}} for the value, or put the text in quotes.`,
    replace: `{${only.text}}`,
  });
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
  if (name === "jwt") {
    const algorithm = literal(0);
    if (algorithm === undefined || !jwtAlgorithms.includes(algorithm))
      return {
        message: `\`${algorithm ?? "…"}\` is no signature algorithm.`,
        help: `The algorithms are ${list(jwtAlgorithms, 20)}.`,
      };
  }
  return undefined;
}

function spanOfPart(lowering: Lowering, at: Cursor, part: ParsedPart): { start: number; end: number } {
  const scalar = at.scalar;
  return scalar ? lowering.span(scalar, part.start, part.end) : { start: 0, end: 0 };
}
