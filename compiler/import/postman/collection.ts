/** A collection's requests in their order, each with what it inherits of its folders (Postman Collection 2.0 and 2.1). */

import { below } from "../api/source.ts";
import { at, type DataMap, isMap, listAt, mapAt, textAt } from "../plain-data.ts";

export interface CollectedRequest {
  /** JSON Pointer in the collection. */
  readonly at: string;
  readonly name: string | undefined;
  /** Names of the folders around it, the innermost first. */
  readonly folders: readonly string[];
  readonly request: DataMap;
  /** Its own, else the nearest folder's that says one, else the collection's. */
  readonly auth: unknown;
  readonly examples: readonly unknown[];
  /** Has a script that runs before it. */
  readonly isScripted: boolean;
}

/** Deeper folders are nobody's. */
const maxFolders = 50;

interface Around {
  readonly at: string;
  readonly folders: readonly string[];
  readonly auth: unknown;
  readonly isScripted: boolean;
}

export function requestsOf(collection: DataMap): readonly CollectedRequest[] {
  return itemsIn(collection, { at: "", folders: [], auth: at(collection, "auth"), isScripted: false });
}

function itemsIn(owner: DataMap, around: Around): readonly CollectedRequest[] {
  if (around.folders.length > maxFolders) return [];
  return listAt(owner, "item").flatMap((item, index): readonly CollectedRequest[] => {
    if (!isMap(item)) return [];
    const place = below(around.at, "item", index);
    const name = textAt(item, "name");
    if (Array.isArray(item.item)) {
      const folders = name === undefined ? around.folders : [name, ...around.folders];
      // A folder's `auth` of null is inherited, as if it were not there.
      const auth = at(item, "auth") ?? around.auth;
      return itemsIn(item, { at: place, folders, auth, isScripted: around.isScripted || isScripted(item) });
    }
    const request = typeof item.request === "string" ? { url: item.request } : mapAt(item, "request");
    if (Object.keys(request).length === 0) return [];
    return [
      {
        at: place,
        name,
        folders: around.folders,
        request,
        auth: at(request, "auth") ?? around.auth,
        examples: listAt(item, "response"),
        isScripted: around.isScripted || isScripted(item),
      },
    ];
  });
}

/** Whether something runs before requests; what runs after them tests answers, and sends nothing. */
export function isScripted(owner: unknown): boolean {
  return listAt(owner, "event").some((event) => {
    const exec = at(mapAt(event, "script"), "exec");
    const text = Array.isArray(exec) ? exec.join("\n") : typeof exec === "string" ? exec : "";
    return textAt(event, "listen") === "prerequest" && text.replace(/\/\/[^\n]*/g, "").trim() !== "";
  });
}

/** A description is a text, or a map with one. */
export function descriptionOf(owner: unknown): string | undefined {
  return textAt(owner, "description") ?? textAt(mapAt(owner, "description"), "content");
}

export interface Entry {
  readonly name: string;
  readonly value: string;
  readonly description: string | undefined;
  readonly isDisabled: boolean;
  /** `text` or `file` in forms. */
  readonly type: string | undefined;
}

/** The entries of a list of `{ key, value, description, disabled }`. */
export function entriesAt(owner: unknown, key: string): readonly Entry[] {
  return listAt(owner, key).flatMap((one) => {
    const name = textAt(one, "key") ?? textAt(one, "id");
    const value = at(one, "value");
    if (name === undefined) return [];
    return [
      {
        name,
        value:
          typeof value === "string"
            ? value
            : typeof value === "number" || typeof value === "boolean"
              ? String(value)
              : "",
        description: descriptionOf(one),
        isDisabled: at(one, "disabled") === true,
        type: textAt(one, "type"),
      },
    ];
  });
}

/** Headers are a list, or a text of lines. */
export function headersOf(owner: unknown): readonly Entry[] {
  const text = textAt(owner, "header");
  if (text === undefined) return entriesAt(owner, "header");
  return text.split(/\r?\n/).flatMap((line) => {
    const [, name, value = ""] = /^\s*([^:\s]+)\s*:\s*(.*)$/.exec(line) ?? [];
    return name === undefined
      ? []
      : [{ name, value, description: undefined, isDisabled: false, type: undefined }];
  });
}

/** What `auth` says of its type: a list of `{ key, value }` in 2.1, a map in 2.0. */
export function authSettings(auth: unknown): {
  readonly type: string;
  readonly settings: ReadonlyMap<string, unknown>;
} {
  const type = (textAt(auth, "type") ?? "noauth").toLowerCase();
  const own = at(auth, textAt(auth, "type") ?? "");
  const entries = Array.isArray(own)
    ? own.flatMap((one): (readonly [string, unknown])[] => {
        const key = textAt(one, "key");
        return key === undefined ? [] : [[key, at(one, "value")]];
      })
    : Object.entries(isMap(own) ? own : {});
  return { type, settings: new Map(entries) };
}
