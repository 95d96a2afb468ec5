import type { Connector, Json, JsonObject, Setting, UrlOrigin } from "../../../schema/ir.ts";
import { shownValue, templateText, type UrlHole } from "./template-text.ts";

/** A Server Object (OpenAPI 3.1.1, section 4.8.5): what the settings of a connection fill in are its variables. */
export function serverOf(origin: UrlOrigin, ir: Connector): JsonObject {
  if (origin.kind === "literal") return { url: origin.origin };
  const { text, holes } = templateText(origin.kind === "host" ? origin.authority : origin.base);
  const url = origin.kind === "host" ? `${origin.scheme}://${text}` : text;
  const whole = origin.kind === "base" && holes.length === 1 && text === `{${holes[0]?.name}}`;
  if (holes.length === 0) return { url };
  const told = holes.flatMap((hole) => {
    const description = settingOf(hole, ir)?.description;
    return description === undefined ? [] : [`\`${hole.name}\`: ${description}`];
  });
  const variables = holes.map((hole): [string, Json] => [
    hole.name,
    variable(hole, ir, whole ? "https://api.example.com" : "example"),
  ]);
  return {
    url,
    ...(told.length > 0 ? { description: told.join("\n\n") } : {}),
    variables: Object.fromEntries(variables),
  };
}

function settingOf({ symbol }: UrlHole, ir: Connector): Setting | undefined {
  return symbol?.kind === "setting" ? ir.settings.find(({ key }) => key === symbol.key) : undefined;
}

/** Described with the server: the published JSON Schema of OpenAPI 3.1 once called this member `descriptions`, and refuses it. */
function variable(hole: UrlHole, ir: Connector, fallback: string): JsonObject {
  const setting = settingOf(hole, ir);
  if (!setting) return { default: fallback };
  const values = (setting.enum ?? []).filter((value) => typeof value === "string");
  return {
    default: shownValue(setting.default ?? values[0] ?? setting.example, fallback),
    ...(values.length > 0 ? { enum: values } : {}),
  };
}

/** The origin that most operations name. */
export function commonOrigin({ operations }: Connector): UrlOrigin | undefined {
  const counts = new Map<string, { readonly origin: UrlOrigin; count: number }>();
  for (const { exchange } of operations) {
    const key = JSON.stringify(exchange.url.origin);
    const found = counts.get(key) ?? { origin: exchange.url.origin, count: 0 };
    found.count++;
    counts.set(key, found);
  }
  return [...counts.values()].sort((left, right) => right.count - left.count)[0]?.origin;
}
