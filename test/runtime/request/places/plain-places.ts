import type { Places } from "./place.ts";

/** Operation by place; each gives back what the server understood, or undefined where it was not sent that way. */
export const plainPlaces: Places = {
  path: {
    fields: "endpoint: /a/{v}/z\nparameters: [{ name: v, location: path, required: true }]",
    heard: ({ path }) => {
      const segments = new URL(path, "http://h").pathname.split("/");
      return segments.length === 4 && segments[1] === "a" && segments[3] === "z"
        ? decodeURIComponent(segments[2] ?? "")
        : undefined;
    },
    refuses: /^\.{0,2}$|\p{Cs}/u,
    ends: /[/?#\s]/,
  },
  query: {
    fields: "endpoint: /q\nparameters: [{ name: v, location: query }]",
    heard: ({ query }) => ([...query.keys()].join() === "v" ? query.get("v") : undefined),
    refuses: /\p{Cs}/u,
    ends: /[&=#\s]/,
  },
  header: {
    fields: "endpoint: /h\nparameters: [{ name: v, location: header, wire_name: X-V }]",
    heard: ({ rawHeaders }) => {
      const found = rawHeaders.filter(([name]) => name.toLowerCase() === "x-v");
      return found.length === 1 && rawHeaders.every(([name]) => name.toLowerCase() !== "x-evil")
        ? found[0]?.[1]
        : undefined;
    },
    refuses: /[^\t\x20-\x7e\x80-\xff]|^[\t ]|[\t ]$/,
    ends: /[\r\n\0]/,
  },
  "JSON body": {
    fields: "endpoint: /j\nmethod: POST\nparameters: [{ name: v, location: body }]",
    heard: ({ json: body }) =>
      Object.keys(body as object).join() === "v" ? (body as { v: unknown }).v : undefined,
    refuses: /(?!)/,
    ends: /(?<!\\)(?:\\\\)*"|[\0-\x1f]/,
  },
  "form body": {
    fields: "endpoint: /f\nmethod: POST\ncontent_type: form\nparameters: [{ name: v, location: body }]",
    heard: ({ form }) => ([...form.keys()].join() === "v" ? form.get("v") : undefined),
    refuses: /\p{Cs}/u,
    ends: /[&=\s]/,
  },
  cookie: {
    fields: "endpoint: /c\nparameters: [{ name: v, location: cookie }]",
    heard: ({ headers }, value) => {
      const [, written] = /^v=([^;]*)$/.exec(headers.cookie ?? "") ?? [];
      // What is of cookie characters alone goes as it is.
      return written === undefined || written === value ? written : decodeURIComponent(written);
    },
    refuses: /[\r\n\0]|\p{Cs}/u,
    ends: /[;,"\s\\]/,
  },
  "text body": {
    fields:
      'endpoint: /t\nmethod: POST\ncontent_type: text/plain\nparameters: [{ name: v, location: body }]\nbody: "<{v}>"',
    heard: ({ text }) => (text.startsWith("<") && text.endsWith(">") ? text.slice(1, -1) : undefined),
    refuses: /\p{Cs}/u,
    ends: /(?!)/,
  },
  "multipart body": {
    fields:
      "endpoint: /m\nmethod: POST\ncontent_type: multipart/form-data\nparameters: [{ name: v, location: body }]",
    heard: ({ text }) =>
      /^--\S+\r\ncontent-disposition: form-data; name="v"\r\n\r\n([\s\S]*)\r\n--\S+--\r\n$/.exec(text)?.[1],
    refuses: /\p{Cs}/u,
    ends: /\r\n--B/,
  },
};
