import type { Hole, ValueSymbol } from "../../schema/ir.ts";
import { ConnectorError } from "../errors.ts";

/** A value that its place refuses. The message ends a sentence that begins with what the value is. */
export class Refused extends Error {
  /** The field of a body that held it. */
  field?: string;
}

/** Runs what encodes a field of a body; what it refuses knows the field then. */
export function ofField<T>(field: string, encode: () => T): T {
  try {
    return encode();
  } catch (thrown) {
    if (thrown instanceof Refused) thrown.field = field;
    throw thrown;
  }
}

/** Half of a surrogate pair is no character and has no bytes. */
export function halfPair(): Refused {
  return new Refused("holds half of a surrogate pair, which has no encoding");
}

/** `Parameter "jql"`: how messages name a value. */
export function nameOf(symbol: ValueSymbol): string {
  switch (symbol.kind) {
    case "parameter":
      return `Parameter "${symbol.name}"`;
    case "setting":
      return `Setting "${symbol.key}"`;
    case "credential":
      return symbol.member === undefined
        ? `Credential "${symbol.key}"`
        : `"${symbol.member}" of credential "${symbol.key}"`;
    case "extract":
      return `"${symbol.name}" of step "${symbol.step}"`;
    case "oauth":
      return `"oauth.${symbol.name}"`;
    case "token":
      return "The access token";
    case "grant":
      return `The ${symbol.name.replaceAll("_", " ")} of the login`;
    case "request":
      return `"request.${symbol.part}"`;
  }
}

/** The first value that flows into a hole: what to name when its result is refused. */
export function sourceOf(hole: Hole): ValueSymbol | undefined {
  if (hole.kind === "ref") return hole.symbol;
  for (const argument of hole.args) {
    for (const part of argument.parts) {
      const source = typeof part === "string" ? undefined : sourceOf(part);
      if (source) return source;
    }
  }
  return undefined;
}

/** The error for a value that cannot stand where a template puts it. It names the value and never shows it. */
export function valueError(source: ValueSymbol | undefined, problem: string): ConnectorError {
  const subject = source ? nameOf(source) : "A computed value";
  const message = `${subject} ${problem}.`;
  // What cannot be traced to one value is put together from several, mostly parameters.
  if (source === undefined || source.kind === "parameter") {
    return new ConnectorError({
      code: "invalid_parameters",
      phase: "parameters",
      message,
      ...(source ? { details: { parameter: source.name } } : {}),
    });
  }
  if (source.kind === "credential") {
    return new ConnectorError({
      code: "configuration",
      phase: "credentials",
      message,
      details: { credential: source.key },
    });
  }
  if (source.kind === "setting") {
    return new ConnectorError({
      code: "configuration",
      phase: "configuration",
      message,
      details: { setting: source.key },
    });
  }
  return new ConnectorError({ code: "chain_step_failed", phase: "credentials", message });
}

/** The error for a value that is needed and not there. */
export function missingError(source: ValueSymbol): ConnectorError {
  switch (source.kind) {
    case "parameter":
      return valueError(source, "is required and was not given");
    case "setting":
      return valueError(source, `is not set. Give it under \`config\` of the connection`);
    case "credential":
      return new ConnectorError({
        code: "missing_credential",
        phase: "credentials",
        message: `${nameOf(source)} was not given. Give it under \`credentials\` of the connection.`,
        details: { credential: source.key },
      });
    case "oauth":
      return new ConnectorError({
        code: "missing_credential",
        phase: "credentials",
        message: `The token's answer brought no "${source.name}", or the token was given instead of obtained. Sign in, or give what a token is obtained with.`,
      });
    default:
      return new ConnectorError({
        code: "missing_credential",
        phase: "credentials",
        message: `${nameOf(source)} is not at hand. Check the credentials, and in the descriptor what should give it.`,
      });
  }
}
