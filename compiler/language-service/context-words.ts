/** What becomes of a value at its place in a request, in words (language reference, "Where values go"). */
import type { Context } from "../../schema/ir.ts";

export const contextWords: { readonly [C in Context]: string } = {
  authority: "the whole host of the URL, with or without a port; anything but a host name is refused",
  host: "one label of the host name: letters, digits and hyphens; anything else is refused",
  port: "the port of the URL, a number from 1 to 65535; anything else is refused",
  base_url: "the beginning of the URL: an origin with an optional path; a query or fragment is refused",
  path: "percent-encoded into one path segment, slashes included; empty text, `.` and `..` are refused",
  path_slashes: "percent-encoded into the path, its slashes kept; empty segments, `.` and `..` are refused",
  query: "percent-encoded into the query",
  header: "put into the header as it is; line breaks, NUL and characters beyond Latin-1 are refused",
  cookie: "put into the cookie, percent-encoded where a cookie needs it; line breaks and NUL are refused",
  form: "encoded as a form field (`application/x-www-form-urlencoded`)",
  json: "written as JSON: a string with its escapes, or the value with its own type where the hole stands alone",
  xml: "escaped for XML; characters that XML cannot hold are refused",
  text: "put into the text as it is",
  multipart: "a part of the multipart body",
  raw: "taken as it is, as an argument of a function or a part of a key; the result is encoded where it stands",
};
