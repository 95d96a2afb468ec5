import { keyed, listed, type Places } from "./place.ts";

/** What is of cookie characters alone goes as it is. */
const read = (written: string | undefined, value: string): string | undefined =>
  written === undefined || written === value ? written : decodeURIComponent(written);
const refuses = /[\r\n\0]|\p{Cs}/u;
const ends = /[;,"\s\\]/;
const inCookie = (type: string, explode: boolean): string =>
  `endpoint: /c\nparameters: [{ name: v, location: cookie, field_type: ${type}, explode: ${explode} }]`;

/** Lists and maps in a cookie, whose pairs end at semicolons. */
export const cookiePlaces: Places = {
  "list of a cookie, with commas": {
    fields: inCookie("array", false),
    given: listed,
    heard: ({ headers }, value) => read(/^v=([^;,]*),z$/.exec(headers.cookie ?? "")?.[1], value),
    refuses,
    ends,
  },
  "list of a cookie, its name repeated": {
    fields: inCookie("array", true),
    given: listed,
    heard: ({ headers }, value) => read(/^v=([^;]*); v=z$/.exec(headers.cookie ?? "")?.[1], value),
    refuses,
    ends,
  },
  "map of a cookie, its keys as names": {
    fields: inCookie("object", true),
    given: (value) => ({ k: value }),
    heard: ({ headers }, value) => read(/^k=([^;]*)$/.exec(headers.cookie ?? "")?.[1], value),
    refuses,
    ends,
  },
  "key of a map of a cookie, as a name": {
    fields: inCookie("object", true),
    given: keyed,
    // A name ends at the first equals sign (RFC 6265, section 5.2).
    heard: ({ headers }, value) => read(/^([^;=]*)=z$/.exec(headers.cookie ?? "")?.[1], value),
    refuses: /[\r\n\0=]|\p{Cs}|^$/u,
    ends: /[;,="\s\\]/,
  },
};
