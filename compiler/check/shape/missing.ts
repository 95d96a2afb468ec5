import { closest, list } from "../../../schema/language/spelling.ts";
import type { Finding } from "../../diagnostics.ts";
import type { Cursor } from "../../lower/cursor.ts";
import { inStyle } from "../../validate/words.ts";
import { stepText, withName } from "./paths.ts";
import { keywords, type SchemaPlace } from "./schema-place.ts";
import type { Shape } from "./shape.ts";
import { nounOf } from "./words.ts";

type Missing = Extract<Shape, { kind: "undeclared" | "absent" }>;

/** The finding about a path that the schema has nothing for: an error where the schema proves it. */
export function missingFinding(at: Cursor, shape: Missing, inRecord: boolean): Omit<Finding, "rule"> {
  const text = at.string() ?? "";
  const name = stepText(shape.step);
  // Among so many names some are always near.
  const guessed = typeof shape.step === "string" && shape.known.length <= 1000;
  const meant = guessed ? closest(stepText(shape.step), shape.known) : undefined;
  const mended =
    meant === undefined
      ? undefined
      : text === shape.step
        ? meant
        : withName(text, stepText(shape.step), meant);
  return {
    path: at.path,
    message: sentence(text, name, shape, inRecord),
    label: shape.kind === "absent" ? "never there" : "not declared",
    help: meant
      ? `Did you mean \`${mended ?? meant}\`?`
      : shape.known.length > 0
        ? `Declared are ${list(shape.known)}. Mend the path or the schema.`
        : "Mend the path or the schema.",
    ...(mended === undefined || !at.scalar || at.scalar.style === "block"
      ? {}
      : { replace: inStyle(mended, at.scalar) }),
    ...(shape.kind === "absent" ? { severity: "error" as const } : {}),
    related: related(shape, meant),
    ...missesOf(name, shape, meant),
  };
}

function sentence(text: string, name: string, shape: Missing, inRecord: boolean): string {
  const where = inRecord ? " of a record" : "";
  if (shape.kind === "undeclared")
    return `\`${text}\`: the \`response_schema\`${where} declares no \`${name}\` there.`;
  if (shape.types)
    return `\`${text}\` never finds anything: by the \`response_schema\`${where}, \`${name}\` is looked for in ${nounOf(shape.types)}.`;
  return `\`${text}\` never finds anything: the \`response_schema\`${where} has no \`${name}\` there and admits no further properties.`;
}

/** Where a near name is declared: several places that miss the same one are one slip, of the schema. */
function missesOf(name: string, { at }: Missing, meant: string | undefined): Pick<Finding, "misses"> {
  if (!at?.path || meant === undefined || !declares(at, meant)) return {};
  return { misses: { name, meant, declared: [...at.path, "properties", meant], at: "key" } };
}

function declares(at: SchemaPlace, name: string): boolean {
  return Object.hasOwn(Object(keywords(at).properties), name);
}

function related({ at, types, known }: Missing, meant: string | undefined): NonNullable<Finding["related"]> {
  if (!at?.path) return [];
  // The slip may as well be in the schema.
  if (meant !== undefined && declares(at, meant))
    return [{ path: [...at.path, "properties", meant], at: "key", message: `\`${meant}\` is declared here` }];
  if (types) return [{ path: [...at.path, "type"], message: `${nounOf(types)} by this` }];
  return known.length > 0
    ? [{ path: [...at.path, "properties"], at: "key", message: "what is declared" }]
    : [{ path: at.path, message: "nothing is admitted by this" }];
}
