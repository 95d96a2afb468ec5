import { type PathStep, parsePlainPath } from "../../../schema/language/jsonpath.ts";

/** The part of a path that plain steps say. */
export interface KnownSteps {
  readonly steps: readonly PathStep[];
  /** False where a filter or a descent follows: then only the way up to there is known. */
  readonly whole: boolean;
}

/** The steps of a JSONPath as far as they are plain; undefined where even its beginning is not. */
export function knownSteps(text: string): KnownSteps | undefined {
  const steps = parsePlainPath(text);
  if (steps) return { steps, whole: true };
  const end = /\[\s*\?|\.\./.exec(text)?.index;
  const before = end === undefined ? undefined : parsePlainPath(text.slice(0, end).trimEnd());
  return before ? { steps: before, whole: false } : undefined;
}

/** The same for a field of a record: a JSONPath, or the plain name of a property. */
export function knownField(text: string): KnownSteps | undefined {
  return text.startsWith("$") ? knownSteps(text) : { steps: [text], whole: true };
}

/** A step as it is written in a path. */
export function stepText(step: PathStep): string {
  if (typeof step === "string") return step;
  return typeof step === "number" ? `[${step}]` : step.kind === "wildcard" ? "[*]" : "[:]";
}

/** The path with one name in the place of another; undefined where it does not stand in it exactly once. */
export function withName(path: string, name: string, put: string): string | undefined {
  const [before, after, more] = path.split(name);
  if (before === undefined || after === undefined || more !== undefined) return undefined;
  const quoted = /['"]$/.test(before);
  if (!quoted && !/^[A-Za-z_]\w*$/.test(put)) return undefined;
  return before + put + after;
}
