import { suiteJson } from "../../response/corpus.ts";

const own: readonly string[] = [
  "..",
  ".",
  "",
  "a/b",
  "a\\b",
  "a&b=c",
  "\r\nX: 1",
  "\0",
  "\ud800",
  '"',
  "{x}",
  "{v}",
  "{k}",
  "%2e%2e",
  "☃",
  "' OR 1=1",
  "a;b",
  "a,b",
  "]]>",
  "\u2028",
  "$&",
  "$1",
  "a.b",
  " ",
  "a b",
  "é",
  "\u007f",
  "\ufeff",
  "x\r\n\r\nGET /evil HTTP/1.1",
];

const read = <T>(path: string): readonly T[] => (suiteJson(path) as T[] | undefined) ?? [];

/** Our own, the injection set, and the list of naughty strings. Longer ones are refused by servers for their length alone. */
export const hostileValues: readonly string[] = [
  ...new Set([
    ...own,
    ...read<{ value: string }>("injection/param-values.json").map(({ value }) => value),
    ...read<string>("blns/blns.json"),
  ]),
].filter((value) => value.length < 4_000);
