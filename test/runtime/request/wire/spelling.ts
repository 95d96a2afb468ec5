/** How values are written in each place, worked out here from the RFCs once more and not by what is tested. */

const hex = (byte: number): string => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;

function byBytes(value: string, stays: RegExp, otherwise: (byte: number) => string): string | undefined {
  if (!value.isWellFormed()) return undefined;
  return [...Buffer.from(value)]
    .map((byte) =>
      byte < 0x80 && stays.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : otherwise(byte),
    )
    .join("");
}

/** RFC 3986: unreserved characters, and the marks that JavaScript leaves. */
export const percent = (value: string): string | undefined => byBytes(value, /[\w.~!*'()-]/, hex);

/** The same, where a value must not move the path. */
export const segment = (value: string): string | undefined =>
  value === "" || value === "." || value === ".." ? undefined : percent(value);

/** WHATWG, application/x-www-form-urlencoded. */
export const formed = (value: string): string | undefined =>
  byBytes(value, /[\w*.-]/, (byte) => (byte === 0x20 ? "+" : hex(byte)));

/** RFC 9110, section 5.5, of Latin-1: one character a byte. */
export const field = (value: string): string | undefined =>
  /^(?:[\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)?$/.test(value)
    ? value
    : undefined;

/** RFC 6265: what is of cookie characters alone as it is, else percent-encoded, `%` with it. */
export function cookie(value: string): string | undefined {
  const octets = /[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]/;
  if ([...value].every((char) => octets.test(char))) return value;
  return /[\0\r\n]/.test(value)
    ? undefined
    : byBytes(value, /[\x21\x23\x24\x26-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]/, hex);
}

/** Bytes of UTF-8, one character each. */
export const bytes = (value: string): string | undefined =>
  value.isWellFormed() ? Buffer.from(value).toString("latin1") : undefined;

/** RFC 8259; half of a pair as an escape. */
export const jsonText = (value: string): string => Buffer.from(JSON.stringify(value)).toString("latin1");

const references: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
  "\t": "&#x9;",
  "\n": "&#xA;",
  "\r": "&#xD;",
};

/** XML 1.0, section 2.2, with references for all that a parser would read otherwise. */
export function xml(value: string): string | undefined {
  if (!/^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u.test(value)) return undefined;
  return bytes([...value].map((char) => references[char] ?? char).join(""));
}

/** WHATWG, multipart/form-data: names and filenames. */
export const partName = (value: string): string | undefined =>
  bytes(value.replace(/["\r\n\0]/g, (char) => hex(char.charCodeAt(0))));

export const base64 = (value: string): string => Buffer.from(value).toString("base64");
