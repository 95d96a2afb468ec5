import { listed, type Places } from "./place.ts";

const xmlText: { readonly [name: string]: string } = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  "#x9": "\t",
  "#xA": "\n",
  "#xD": "\r",
};
const readXml = (text: string | undefined): string | undefined =>
  text?.replace(/&([#\w]+);/g, (_, name) => xmlText[name] ?? "?");
const notXml = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd]/;
/** As browsers have it, a percent sign stays: this cannot be read back in every case. */
const asPartName = (value: string): string => value.replace(/["\r\n\0]/g, encodeURIComponent);

/** Places within a body that the author has written, and in the names of what is sent. */
export function writtenPlaces(): Places {
  const post = (rest: string, type = "string"): string =>
    `endpoint: /b\nmethod: POST\nparameters: [{ name: v, location: body, field_type: ${type} }]\n${rest}`;
  return {
    "text within a JSON body": {
      fields: post('body: { a: ["<{v}>"] }'),
      heard: ({ json: body }) => /^<([\s\S]*)>$/.exec((body as { a: string[] }).a[0] ?? "")?.[1],
      refuses: /(?!)/,
      ends: /(?<!\\)(?:\\\\)*"|[\0-\x1f]/,
    },
    "key of a JSON body": {
      fields: post("", "object"),
      given: (value) => Object.fromEntries([[value, 1]]),
      heard: ({ json: body }) => Object.keys((body as { v: object }).v).join("\n"),
      refuses: /(?!)/,
      ends: /(?<!\\)(?:\\\\)*"|[\0-\x1f]/,
    },
    "value of an XML attribute": {
      fields: post("content_type: application/xml\nbody: '<a b=\"{v}\"/>'"),
      // A parser reads blanks of every kind as a space here (XML 1.0, section 3.3.3).
      heard: ({ text }) => readXml(/^<a b="([^"<]*)"\/>$/.exec(text)?.[1]?.replace(/[\r\n\t]/g, " ")),
      refuses: notXml,
      ends: /[<"'\r\n\t]|&(?!(?:amp|lt|gt|quot|apos|#x[9AD]);)/,
    },
    "name of a file": {
      fields: post("content_type: multipart/form-data", "file"),
      given: (filename) => ({ data: "x", filename, content_type: "text/plain" }),
      heard: ({ text }, value) => {
        const [, name] =
          /^--\S+\r\ncontent-disposition: form-data; name="v"; filename="([^"\r\n\0]*)"\r\ncontent-type: text\/plain\r\n\r\nx\r\n--\S+--\r\n$/.exec(
            text,
          ) ?? [];
        return name === asPartName(value) ? value : name;
      },
      refuses: /\p{Cs}/u,
      ends: /["\r\n\0]/,
    },
    "text of an XML element": {
      fields: post("content_type: application/xml\nbody: '<a>{v}</a>'"),
      heard: ({ text }) => readXml(/^<a>([^<]*)<\/a>$/.exec(text)?.[1]?.replace(/\r\n?/g, "\n")),
      refuses: notXml,
      ends: /[<>]|&(?!(?:amp|lt|gt|quot|apos|#x[9AD]);)/,
    },
    "list of a multipart body": {
      fields: `endpoint: /m
method: POST
content_type: multipart/form-data
parameters: [{ name: v, location: body, field_type: array }]`,
      given: listed,
      heard: ({ text }) =>
        /^--\S+\r\ncontent-disposition: form-data; name="v"\r\n\r\n([\s\S]*)\r\n--\S+\r\ncontent-disposition: form-data; name="v"\r\n\r\nz\r\n--\S+--\r\n$/.exec(
          text,
        )?.[1],
      refuses: /\p{Cs}/u,
      ends: /\r\n--B/,
    },
  };
}
