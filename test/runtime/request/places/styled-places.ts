import type { ReceivedRequest } from "../../../../runtime/testing/index.ts";
import { afterKey, firstOf, keyed, keyOf, listed, type Places } from "./place.ts";

/** One place for each style of OpenAPI in which a list or map is written. */
export function styledPlaces(): Places {
  const inQuery = (style: string, explode = false, type = "array"): string =>
    `endpoint: /q\nparameters: [{ name: v, location: query, field_type: ${type}, style: ${style}, explode: ${explode} }]`;
  const inPath = (style: string, explode: boolean): string =>
    `endpoint: "/a/{v}/z"\nparameters: [{ name: v, location: path, field_type: array, style: ${style}, explode: ${explode}, required: true }]`;
  const parted = ({ target }: ReceivedRequest, by: string): string | undefined =>
    firstOf((/^\/q\?v=([^&]*)$/.exec(target)?.[1] ?? "").split(by));
  const segment = ({ target }: ReceivedRequest): string => /^\/a\/([^/?#]*)\/z$/.exec(target)?.[1] ?? "";
  const isPair = /\p{Cs}/u;
  return {
    "list of the query, its name repeated": {
      fields: inQuery("form", true),
      given: listed,
      heard: ({ query }) => (query.getAll("v").join("\n").endsWith("\nz") ? query.getAll("v")[0] : undefined),
      refuses: isPair,
      ends: /[&=#\s]/,
    },
    "list of the query, with commas": {
      fields: inQuery("form"),
      given: listed,
      heard: (request) => parted(request, ","),
      refuses: isPair,
      ends: /[&=#,\s]/,
    },
    "list of the query, with blanks": {
      fields: inQuery("spaceDelimited"),
      given: listed,
      heard: (request) => parted(request, "%20"),
      refuses: /\p{Cs}| /u,
      ends: /[&=#\s]|%20/,
    },
    "list of the query, with bars": {
      fields: inQuery("pipeDelimited"),
      given: listed,
      heard: (request) => parted(request, "%7C"),
      refuses: /\p{Cs}|\|/u,
      ends: /[&=#\s]|%7C/,
    },
    "map of the query, in brackets": {
      fields: inQuery("deepObject", true, "object"),
      given: (value) => ({ k: value }),
      heard: ({ query }) => ([...query.keys()].join() === "v[k]" ? query.get("v[k]") : undefined),
      refuses: isPair,
      ends: /[&=#\s]/,
    },
    "key of a map of the query, in brackets": {
      fields: inQuery("deepObject", true, "object"),
      given: (value) => ({ [value]: "z" }),
      heard: ({ query }) => {
        const [name = "", ...more] = [...query.keys()];
        // As PHP and Rails read a name: decoded, then parted at its brackets.
        return more.length === 0 ? /^v\[([^[\]]*)\]$/.exec(name)?.[1] : undefined;
      },
      refuses: /\p{Cs}|[[\]]/u,
      ends: /[&=#\s[\]]/,
    },
    "list of a path segment": {
      fields: inPath("simple", false),
      given: listed,
      heard: (request) => firstOf(segment(request).split(",")),
      refuses: isPair,
      ends: /[/?#,\s]/,
    },
    "list of a path segment, as labels": {
      fields: inPath("label", true),
      given: listed,
      heard: (request) => firstOf(segment(request).slice(1).split(".")),
      refuses: /\p{Cs}|\./u,
      ends: /[/?#.\s]/,
    },
    "list of a path segment, as matrix": {
      fields: inPath("matrix", false),
      given: listed,
      heard: (request) => firstOf(segment(request).replace(/^;v=/, "").split(",")),
      refuses: isPair,
      ends: /[/?#,;\s]/,
    },
    "list of a header": {
      fields: "endpoint: /h\nparameters: [{ name: v, location: header, wire_name: X-V, field_type: array }]",
      given: listed,
      heard: ({ headers }) => {
        const items = String(headers["x-v"]).split(",");
        return items.length === 2 && items[1] === "z" ? items[0] : undefined;
      },
      refuses: /[^\t\x20-\x7e\x80-\xff]|^[\t ]|[\t ]$|,/,
      ends: /[\r\n\0,]/,
    },
    "map of the query, its keys as names": {
      fields: inQuery("form", true, "object"),
      given: (value) => ({ k: value }),
      heard: ({ query }) => ([...query.keys()].join() === "k" ? query.get("k") : undefined),
      refuses: isPair,
      ends: /[&=#\s]/,
    },
    "key of a map of the query, as a name": {
      fields: inQuery("form", true, "object"),
      given: keyed,
      heard: ({ query }) => keyOf([...query]),
      refuses: isPair,
      ends: /[&=#\s]/,
    },
    "map of the query, with commas": {
      fields: inQuery("form", false, "object"),
      given: (value) => ({ k: value, y: "z" }),
      heard: ({ target }) => afterKey(/^\/q\?v=k,([^&]*),y,z$/.exec(target)?.[1], ","),
      refuses: isPair,
      ends: /[&=#,\s]/,
    },
    "path of several segments": {
      fields: 'endpoint: "/a/{path({v})}/z"\nparameters: [{ name: v, location: path, required: true }]',
      heard: ({ target }) => {
        // As a server reads it that resolves dots first.
        const [, path] = /^\/a\/(.*)\/z$/.exec(new URL(target, "http://h").pathname) ?? [];
        return path?.split("/").map(decodeURIComponent).join("/");
      },
      refuses: /(?:^|\/)\.{0,2}(?:\/|$)|\p{Cs}/u,
      ends: /[?#\s]/,
    },
    "map of a path segment": {
      fields: inPath("simple", true).replace("array", "object"),
      given: (value) => ({ k: value, y: "z" }),
      heard: (request) => afterKey(/^k=(.*),y=z$/.exec(segment(request))?.[1], ","),
      refuses: isPair,
      ends: /[/?#,=\s]/,
    },
    "key of a map of a path segment, as matrix": {
      fields: inPath("matrix", true).replace("array", "object"),
      given: keyed,
      heard: (request) => afterKey(/^;([^=;]*)=z$/.exec(segment(request))?.[1], ","),
      refuses: isPair,
      ends: /[/?#;=\s]/,
    },
    "key of a map of a header": {
      fields:
        "endpoint: /h\nparameters: [{ name: v, location: header, wire_name: X-V, field_type: object, explode: true }]",
      given: keyed,
      heard: ({ headers }) => /^([^=,]*)=z$/.exec(String(headers["x-v"]))?.[1],
      refuses: /[^\t\x20-\x7e\x80-\xff]|^[\t ]|[\t ]$|[,=]/,
      ends: /[\r\n\0,=]/,
    },
  };
}
