/** An entry of a recording (HAR 1.2) as a request and its answer. */
import { at, type DataMap, isMap, listAt, mapAt, textAt } from "../plain-data.ts";

export type Pair = readonly [name: string, value: string];

export interface SeenBody {
  /** In lower case, without parameters. */
  readonly mediaType: string;
  /** Of JSON; undefined where the text is none. */
  readonly json: unknown;
  /** Of forms; the value of a file is undefined. */
  readonly fields: readonly (readonly [name: string, value: string | undefined])[];
}

export interface Exchange {
  /** JSON Pointer in the recording. */
  readonly at: string;
  readonly method: string;
  readonly url: URL;
  readonly query: readonly Pair[];
  /** Names in lower case, but for their original spelling in `spelling`. */
  readonly headers: readonly Pair[];
  readonly spelling: ReadonlyMap<string, string>;
  readonly cookies: readonly Pair[];
  readonly body: SeenBody | undefined;
  readonly status: number;
  readonly answerHeaders: readonly Pair[];
  readonly answer: SeenBody | undefined;
  /** What started the request, as browsers tell it: `xhr`, `document`, `image`. */
  readonly resource: string | undefined;
}

/** Undefined where the entry is no request over HTTP. */
export function exchangeOf(entry: unknown, index: number): Exchange | undefined {
  const request = mapAt(entry, "request");
  const url = urlOf(textAt(request, "url"));
  if (!url) return undefined;
  const response = mapAt(entry, "response");
  const headers = pairsAt(request, "headers");
  const status = at(response, "status");
  return {
    at: `/log/entries/${index}`,
    method: (textAt(request, "method") ?? "GET").toUpperCase(),
    url,
    query: [...url.searchParams],
    headers: headers.map(([name, value]) => [name.toLowerCase(), value]),
    spelling: new Map(headers.map(([name]) => [name.toLowerCase(), name])),
    cookies: cookiesOf(request, headers),
    body: bodyOf(at(request, "postData")),
    status: typeof status === "number" ? status : 0,
    answerHeaders: pairsAt(response, "headers").map(([name, value]) => [name.toLowerCase(), value]),
    answer: contentOf(mapAt(response, "content")),
    resource: textAt(entry, "_resourceType")?.toLowerCase(),
  };
}

function urlOf(text: string | undefined): URL | undefined {
  try {
    const url = new URL(text ?? "");
    return url.protocol === "http:" || url.protocol === "https:" ? url : undefined;
  } catch {
    return undefined;
  }
}

function pairsAt(owner: DataMap, key: string): readonly Pair[] {
  return listAt(owner, key).flatMap((one) => {
    const name = textAt(one, "name");
    const value = at(one, "value");
    return name === undefined || name.startsWith(":")
      ? []
      : [[name, typeof value === "string" ? value : ""] as const];
  });
}

function cookiesOf(request: DataMap, headers: readonly Pair[]): readonly Pair[] {
  const told = pairsAt(request, "cookies");
  if (told.length > 0) return told;
  return headers
    .filter(([name]) => name.toLowerCase() === "cookie")
    .flatMap(([, value]) => value.split(";"))
    .flatMap((pair) => {
      const [, name, value = ""] = /^\s*([^=\s]+)=?(.*)$/.exec(pair) ?? [];
      return name === undefined ? [] : [[name, value.trim()] as const];
    });
}

export function essenceOf(mediaType: string | undefined): string {
  return mediaType?.split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

function bodyOf(data: unknown): SeenBody | undefined {
  if (!isMap(data)) return undefined;
  const mediaType = essenceOf(textAt(data, "mimeType"));
  const text = textAt(data, "text");
  const params = listAt(data, "params");
  if (text === undefined && params.length === 0) return undefined;
  const told = params.flatMap((one) => {
    const name = textAt(one, "name");
    const value = at(one, "value");
    const isFile = textAt(one, "fileName") !== undefined;
    return name === undefined
      ? []
      : [[name, isFile || typeof value !== "string" ? undefined : value] as const];
  });
  const fields =
    told.length > 0
      ? told
      : mediaType === "application/x-www-form-urlencoded"
        ? [...new URLSearchParams(text)]
        : mediaType === "multipart/form-data"
          ? partsOf(text ?? "")
          : [];
  return { mediaType: mediaType || guess(text), json: jsonOf(text), fields };
}

function guess(text: string | undefined): string {
  return jsonOf(text) === undefined ? "text/plain" : "application/json";
}

/** Names, and values of parts that are no files, of a multipart text (RFC 7578). */
function partsOf(text: string): SeenBody["fields"] {
  const boundary = /^\s*(--[^\r\n]{1,200})/.exec(text)?.[1];
  if (boundary === undefined) return [];
  return text.split(boundary).flatMap((part) => {
    const name = /\bname="([^"\r\n]*)"/i.exec(part.slice(0, 2000))?.[1];
    if (name === undefined || name === "") return [];
    const isFile = /\bfilename\*?=/i.test(part.slice(0, 2000));
    const value = part
      .split(/\r?\n\r?\n/)
      .slice(1)
      .join("\n")
      .trim();
    return [[name, isFile ? undefined : value] as const];
  });
}

function contentOf(content: DataMap): SeenBody | undefined {
  const mediaType = essenceOf(textAt(content, "mimeType"));
  const text = textAt(content, "text");
  if (mediaType === "" || mediaType === "x-unknown")
    return text === undefined ? undefined : { mediaType: guess(text), json: jsonOf(text), fields: [] };
  const isJson = /[/+]json$/.test(mediaType) || mediaType === "text/plain";
  return {
    mediaType,
    json: isJson ? jsonOf(decoded(text, textAt(content, "encoding"))) : undefined,
    fields: [],
  };
}

function decoded(text: string | undefined, encoding: string | undefined): string | undefined {
  return text !== undefined && encoding?.toLowerCase() === "base64"
    ? Buffer.from(text, "base64").toString("utf8")
    : text;
}

/** Guards against scripts are cut off: `)]}'` and its like. */
function jsonOf(text: string | undefined): unknown {
  const bare = text?.replace(/^\s*(?:\)\]\}',?|while\(1\);|for\(;;\);)\s*/, "");
  if (bare === undefined || !/^\s*[[{"\dtfn-]/.test(bare)) return undefined;
  try {
    const value: unknown = JSON.parse(bare);
    return typeof value === "object" ? value : undefined;
  } catch {
    return undefined;
  }
}
