import type { Connector, Hole, Json, JsonSchema, Template, ValueSymbol } from "../../../schema/ir.ts";
import { typeSchema } from "../../../schema/language/parameter-schema.ts";
import { symbolName } from "../../../schema/language/symbol-name.ts";

/** A hole of a URL, under the name by which the document calls it. */
export interface UrlHole {
  readonly name: string;
  readonly symbol?: ValueSymbol;
}

/** A template as OpenAPI writes it: `{name}` for every hole. */
export function templateText(template: Template): {
  readonly text: string;
  readonly holes: readonly UrlHole[];
} {
  const holes: UrlHole[] = [];
  const text = template.parts
    .map((part) => {
      if (typeof part === "string") return part;
      const hole = holeOf(part);
      holes.push(hole);
      return `{${hole.name}}`;
    })
    .join("");
  return { text, holes };
}

function holeOf(part: Hole): UrlHole {
  if (part.kind === "ref") return { name: symbolName(part.symbol), symbol: part.symbol };
  // A function of one value stands for that value.
  const inner = part.args.flatMap((arg) => templateText(arg).holes);
  const [only, ...others] = inner;
  return only && others.length === 0 ? only : { name: part.function };
}

/** What is known of the value of a hole that is no parameter. */
export function holeSchema({ symbol }: UrlHole, ir: Connector): JsonSchema {
  const setting = symbol?.kind === "setting" && ir.settings.find(({ key }) => key === symbol.key);
  if (!setting) return { type: "string" };
  return {
    ...typeSchema(setting.type),
    ...(setting.enum === undefined ? {} : { enum: setting.enum }),
    ...(setting.description === undefined ? {} : { description: setting.description }),
    ...(setting.default === undefined ? {} : { default: setting.default }),
  };
}

/** The text of a value that a document must show where the connector has none: the example, else the fallback. */
export function shownValue(given: Json | undefined, fallback: string): string {
  return given === undefined || typeof given === "object" ? fallback : String(given);
}
