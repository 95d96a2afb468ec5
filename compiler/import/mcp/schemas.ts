import type { Json, JsonObject } from "../../../schema/ir.ts";
import { Names, templateName } from "../names.ts";
import { isMap } from "../plain-data.ts";

/** The `$defs` of tools as shared schemas of one descriptor: those that are alike are one. */
export class ToolSchemas {
  readonly #names = new Names();
  readonly #byText = new Map<string, string>();
  readonly #shared = new Map<string, JsonObject | boolean>();

  get size(): number {
    return this.#shared.size;
  }

  shared(): Record<string, JsonObject | boolean> {
    return Object.fromEntries(this.#shared);
  }

  /** Moves the definitions of a schema among the shared ones; the function given back makes its references lead there. */
  take(schema: JsonObject, owner: string): (inner: Json) => Json {
    const names = new Map<string, string>();
    for (const key of ["$defs", "definitions"]) {
      const definitions = schema[key];
      if (!isMap(definitions)) continue;
      for (const name of Object.keys(definitions)) names.set(`#/${key}/${name}`, "");
    }
    const text = JSON.stringify([schema.$defs, schema.definitions]);
    for (const reference of names.keys()) {
      const name = reference.split("/").slice(2).join("/");
      const known = this.#byText.get(`${text} ${reference}`);
      names.set(reference, known ?? this.#names.take(templateName(name), owner));
      this.#byText.set(`${text} ${reference}`, names.get(reference) ?? "");
    }
    const moved = (inner: Json): Json => redirected(inner, names);
    for (const [reference, name] of names) {
      const [, key = "", ...rest] = reference.split("/");
      const definitions = schema[key];
      const definition = isMap(definitions) ? definitions[rest.join("/")] : undefined;
      if (isMap(definition) || typeof definition === "boolean") {
        const made = moved(definition as Json);
        this.#shared.set(name, made as JsonObject | boolean);
      }
    }
    return moved;
  }
}

function redirected(value: Json, names: ReadonlyMap<string, string>): Json {
  if (Array.isArray(value)) return value.map((item) => redirected(item, names));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== "$schema" && key !== "x-mcp-header")
      .map(([key, item]) => {
        const name = key === "$ref" && typeof item === "string" ? names.get(item) : undefined;
        return [key, name === undefined ? redirected(item, names) : `#/schemas/${name}`];
      }),
  );
}
