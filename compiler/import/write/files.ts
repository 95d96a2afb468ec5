/** The files of a connector: its descriptor, and its shared schemas beside it where both would be too large for one. */
import type { Descriptor } from "../../../schema/descriptor.ts";
import type { Json, JsonObject } from "../../../schema/json.ts";
import type { ImportedFile } from "../import.ts";
import type { Notes } from "../notes.ts";
import { asJson, renderDescriptor } from "./render.ts";

/** Shared schemas stand under `$defs` of this file. */
const sharedFile = "schemas/shared.json";

/** `connector.yaml`, or past the bound of JSON's larger room `connector.json`, and what stands beside it. */
export function renderFiles(descriptor: Descriptor, notes: Notes, origin: string): readonly ImportedFile[] {
  const head = [`Imported by connector import ${origin}`];
  const whole = renderDescriptor(descriptor, notes, head);
  if (whole !== undefined) return [{ path: "connector.yaml", text: whole }];
  const { schemas, ...rest } = asJson(descriptor);
  const split = schemas === undefined ? rest : bend(rest, `./${sharedFile}#/$defs/`, notes);
  const beside = schemas === undefined ? [] : [sharedSchemas(schemas, notes)];
  // What a draft is made of keeps its form: references alone are other texts.
  const text = renderDescriptor(split as unknown as Descriptor, notes, head);
  if (text !== undefined) return [{ path: "connector.yaml", text }, ...beside];
  return [{ path: "connector.json", text: `${JSON.stringify(split, undefined, 2)}\n` }, ...beside];
}

function sharedSchemas(schemas: Json, notes: Notes): ImportedFile {
  const $defs = bend(schemas, "#/$defs/", notes);
  return { path: sharedFile, text: `${JSON.stringify({ $defs }, undefined, 1)}\n` };
}

/** A copy whose references to shared schemas begin otherwise; comments stay with their maps. */
function bend<T extends Json>(value: T, prefix: string, notes: Notes): T;
function bend(value: Json, prefix: string, notes: Notes): Json {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item: Json) => bend(item, prefix, notes));
  const copy: Record<string, Json> = {};
  for (const [key, inner] of Object.entries(value as JsonObject))
    define(
      copy,
      key,
      key === "$ref" && typeof inner === "string" ? bent(inner, prefix) : bend(inner, prefix, notes),
    );
  notes.move(value, copy);
  return copy;
}

function bent(reference: string, prefix: string): string {
  return reference.startsWith("#/schemas/") ? prefix + reference.slice("#/schemas/".length) : reference;
}

/** A property called `__proto__` is data like any other. */
function define(object: Record<string, Json>, key: string, value: Json): void {
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}
