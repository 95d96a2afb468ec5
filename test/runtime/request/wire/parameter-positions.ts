import { operation } from "../../../support/line.ts";
import { type Position, type Positions, type Written, whereAll } from "./position.ts";
import { bytes, cookie, field, formed, jsonText, partName, percent, segment, xml } from "./spelling.ts";

type Spell = (value: string) => string | undefined;

const get = (line: string): Written => ({ line: `GET ${line}` });

/** `target`: with `*` where the value stands. */
function inTarget(fields: string, target: string, spell: Spell, given?: Position["parameters"]): Position {
  return {
    yaml: operation(fields),
    ...(given ? { parameters: given } : {}),
    written: (value) => whereAll([spell(value)], (text) => get(target.replace("*", () => text))),
  };
}

const inQuery = (style: string, explode: boolean, type: string): string =>
  `endpoint: /q\nparameters: [{ name: v, location: query, field_type: ${type}, style: ${style}, explode: ${explode} }]`;
const inPath = (style: string, type = "string", explode = false): string =>
  `endpoint: "/a/{v}/z"\nparameters: [{ name: v, location: path, field_type: ${type}, style: ${style}, explode: ${explode}, required: true }]`;
const pair = (value: string) => ({ v: [value, "z"] });
const keyed = (value: string) => ({ v: Object.fromEntries([[value, "z"]]) });
const mapped = (value: string) => ({ v: { k: value, y: "z" } });
/** RFC 6570, section 3.2.7: the equals sign of nothing is left out. */
const matrix: Spell = (value) => (value === "" ? "" : whole("=", percent(value)));
const whole = (before: string, text: string | undefined): string | undefined =>
  text === undefined ? undefined : before + text;
const without =
  (signs: RegExp, spell: Spell): Spell =>
  (value) =>
    signs.test(value) ? undefined : spell(value);

/** Scalars, lists and maps in path and query, in every style. */
const targets: Positions = {
  "path, simple": inTarget(inPath("simple"), "/a/*/z", segment),
  "path, label": inTarget(inPath("label"), "/a/.*/z", without(/^\.?$/, percent)),
  "path, matrix": inTarget(inPath("matrix"), "/a/;v*/z", matrix),
  "path, list as simple": inTarget(inPath("simple", "array"), "/a/*,z/z", percent, pair),
  "path, list as label": inTarget(inPath("label", "array"), "/a/.*,z/z", percent, pair),
  "path, list as label, exploded": inTarget(
    inPath("label", "array", true),
    "/a/.*.z/z",
    without(/\./, percent),
    pair,
  ),
  "path, list as matrix": inTarget(inPath("matrix", "array"), "/a/;v=*,z/z", percent, pair),
  "path, list as matrix, exploded": inTarget(inPath("matrix", "array", true), "/a/;v*;v=z/z", matrix, pair),
  "path, map as simple, exploded": inTarget(
    inPath("simple", "object", true),
    "/a/k=*,y=z/z",
    percent,
    mapped,
  ),
  "path, map as label": inTarget(inPath("label", "object"), "/a/.k,*,y,z/z", percent, mapped),
  "path, map as matrix, exploded": inTarget(inPath("matrix", "object", true), "/a/;k*;y=z/z", matrix, mapped),
  "path, map as label, exploded": inTarget(
    inPath("label", "object", true),
    "/a/.k=*.y=z/z",
    without(/\./, percent),
    mapped,
  ),
  "path, map as simple": inTarget(inPath("simple", "object"), "/a/k,*,y,z/z", percent, mapped),
  "path, map as matrix": inTarget(inPath("matrix", "object"), "/a/;v=k,*,y,z/z", percent, mapped),
  "path, list as simple, exploded": inTarget(inPath("simple", "array", true), "/a/*,z/z", percent, pair),
  "path, key of a map as simple, exploded": inTarget(
    inPath("simple", "object", true),
    "/a/*=z/z",
    percent,
    keyed,
  ),
  "path, key of a map as label": inTarget(inPath("label", "object"), "/a/.*,z/z", percent, keyed),
  "path, key of a map as matrix, exploded": inTarget(
    inPath("matrix", "object", true),
    "/a/;*=z/z",
    percent,
    keyed,
  ),
  "path, several segments": inTarget(
    'endpoint: "/a/{path({v})}/z"\nparameters: [{ name: v, location: path, required: true }]',
    "/a/*/z",
    (value) => {
      const parts = value.split("/").map(segment);
      return parts.includes(undefined) ? undefined : parts.join("/");
    },
  ),
  "query, key of deepObject": inTarget(
    inQuery("deepObject", true, "object"),
    "/q?v[*]=z",
    without(/[[\]]/, percent),
    keyed,
  ),
  "query, key of a map as a name": inTarget(inQuery("form", true, "object"), "/q?*=z", percent, keyed),
  "query, key of a map in one value": inTarget(inQuery("form", false, "object"), "/q?v=*,z", percent, keyed),
  "query, within a text of the author": inTarget(
    'endpoint: /q\nquery: { w: "<{v}>" }\nparameters: [{ name: v, location: query }]',
    "/q?w=%3C*%3E",
    percent,
  ),
  query: inTarget(inQuery("form", true, "string"), "/q?v=*", percent),
  "query, list as form, exploded": inTarget(inQuery("form", true, "array"), "/q?v=*&v=z", percent, pair),
  "query, list as form": inTarget(inQuery("form", false, "array"), "/q?v=*,z", percent, pair),
  "query, list as spaceDelimited": inTarget(
    inQuery("spaceDelimited", false, "array"),
    "/q?v=*%20z",
    without(/ /, percent),
    pair,
  ),
  "query, list as pipeDelimited": inTarget(
    inQuery("pipeDelimited", false, "array"),
    "/q?v=*%7Cz",
    without(/\|/, percent),
    pair,
  ),
  "query, map as form, exploded": inTarget(inQuery("form", true, "object"), "/q?k=*&y=z", percent, mapped),
  "query, map as form": inTarget(inQuery("form", false, "object"), "/q?v=k,*,y,z", percent, mapped),
  "query, map as deepObject": inTarget(
    inQuery("deepObject", true, "object"),
    "/q?v[k]=*&v[y]=z",
    percent,
    mapped,
  ),
};

/** `line`: with `*` where the value stands. */
function inHead(parameter: string, line: string, spell: Spell, given?: Position["parameters"]): Position {
  return {
    yaml: operation(`endpoint: /h\nparameters: [{ name: v, ${parameter} }]`),
    ...(given ? { parameters: given } : {}),
    written: (value) =>
      whereAll([spell(value)], (text) => ({ line: "GET /h", head: [line.replace("*", () => text)] })),
  };
}

const heads: Positions = {
  header: inHead("location: header, wire_name: X-V", "x-v: *", field),
  "header, list": inHead(
    "location: header, wire_name: X-V, field_type: array",
    "x-v: *,z",
    without(/,/, field),
    pair,
  ),
  "header, map, exploded": inHead(
    "location: header, wire_name: X-V, field_type: object, explode: true",
    "x-v: k=*,y=z",
    without(/,/, field),
    mapped,
  ),
  "header, key of a map, exploded": inHead(
    "location: header, wire_name: X-V, field_type: object, explode: true",
    "x-v: *=z",
    without(/[,=]/, field),
    keyed,
  ),
  cookie: inHead("location: cookie", "cookie: v=*", cookie),
  "cookie, list": inHead(
    "location: cookie, field_type: array, explode: false",
    "cookie: v=*,z",
    cookie,
    pair,
  ),
  "cookie, list, exploded": inHead(
    "location: cookie, field_type: array, explode: true",
    "cookie: v=*; v=z",
    cookie,
    pair,
  ),
  "cookie, key of a map as a name": inHead(
    "location: cookie, field_type: object, explode: true",
    "cookie: *=z",
    without(/=|^$/, cookie),
    keyed,
  ),
};

function inBody(
  fields: string,
  contentType: string,
  body: string,
  spell: Spell,
  given?: Position["parameters"],
): Position {
  return {
    yaml: operation(`endpoint: /b\nmethod: POST\n${fields}`),
    ...(given ? { parameters: given } : {}),
    written: (value) =>
      whereAll([spell(value)], (text) => ({
        line: "POST /b",
        contentType,
        body: body.replace("*", () => text),
      })),
  };
}

const sent = (type = "string"): string => `parameters: [{ name: v, location: body, field_type: ${type} }]`;
const form = "application/x-www-form-urlencoded";
const multipart = "multipart/form-data; boundary=BOUNDARY";

const bodies: Positions = {
  "JSON body": inBody(sent(), "application/json", '{"v":*}', jsonText),
  "JSON body, within a text of the author": inBody(
    `${sent()}\nbody: { a: ["<{v}>"] }`,
    "application/json",
    '{"a":["<*>"]}',
    (value) => jsonText(value).slice(1, -1),
  ),
  "JSON body, a key": inBody(sent("object"), "application/json", '{"v":{*:1}}', jsonText, (value) => ({
    v: Object.fromEntries([[value, 1]]),
  })),
  "form body": inBody(`content_type: form\n${sent()}`, form, "v=*", formed),
  "form body, a list": inBody(`content_type: form\n${sent("array")}`, form, "v=*&v=z", formed, pair),
  "form body, a map": inBody(`content_type: form\n${sent("object")}`, form, "v[k]=*&v[y]=z", formed, mapped),
  "form body, a key of a map": inBody(
    `content_type: form\n${sent("object")}`,
    form,
    "v[*]=z",
    without(/[[\]]/, formed),
    keyed,
  ),
  "multipart body, a field": inBody(
    `content_type: multipart/form-data\n${sent()}`,
    multipart,
    '--BOUNDARY\r\ncontent-disposition: form-data; name="v"\r\n\r\n*\r\n--BOUNDARY--\r\n',
    bytes,
  ),
  "multipart body, a file's name": inBody(
    `content_type: multipart/form-data\n${sent("file")}`,
    multipart,
    '--BOUNDARY\r\ncontent-disposition: form-data; name="v"; filename="*"\r\ncontent-type: text/plain\r\n\r\nx\r\n--BOUNDARY--\r\n',
    partName,
    (filename) => ({ v: { data: "x", filename, content_type: "text/plain" } }),
  ),
  "multipart body, a file's text": inBody(
    `content_type: multipart/form-data\n${sent("file")}`,
    multipart,
    '--BOUNDARY\r\ncontent-disposition: form-data; name="v"; filename="f"\r\ncontent-type: text/plain\r\n\r\n*\r\n--BOUNDARY--\r\n',
    bytes,
    (data) => ({ v: { data, filename: "f", content_type: "text/plain" } }),
  ),
  "XML body, an element": inBody(
    `content_type: application/xml\n${sent()}\nbody: '<a>{v}</a>'`,
    "application/xml",
    "<a>*</a>",
    xml,
  ),
  "XML body, an attribute": inBody(
    `content_type: application/xml\n${sent()}\nbody: '<a b="{v}"/>'`,
    "application/xml",
    '<a b="*"/>',
    xml,
  ),
  "text body": inBody(`content_type: text/plain\n${sent()}\nbody: "<{v}>"`, "text/plain", "<*>", bytes),
  "CSV body": inBody(`content_type: text/csv\n${sent()}\nbody: "{v}"`, "text/csv", "*", bytes),
};

export const parameterPositions: Positions = { ...targets, ...heads, ...bodies };
