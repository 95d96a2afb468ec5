/** Slips of the hand in a descriptor that is JSON, written with an entry to a line. */
import { alike, type TextMutant } from "./operators.ts";
import { dropped, swapped } from "./words.ts";

const form = /^( *)(?:"([^"]*)": )?(.*?)(,?)$/;

/** All mutants of a JSON text, in its order. */
export function* jsonMutants(source: string): Iterable<TextMutant> {
  const rows = source.split("\n");
  const way: string[] = [];
  for (const [index, row] of rows.entries()) {
    const [, blanks = "", key, value = "", comma = ""] = form.exec(row) ?? [];
    const head = key === undefined ? blanks : `${blanks}"${key}": `;
    if (/^[\]}]/.test(value)) way.pop();
    const place = alike([...way, key ?? "-"]);
    if (/^[[{]$/.test(value)) way.push(key ?? "-");
    for (const [operator, put] of slips({ row, head, key, value, comma })) {
      if (put.length === 1 && put[0] === row) continue;
      yield {
        operator: `json-${operator}`,
        place,
        get text() {
          return [...rows.slice(0, index), ...put, ...rows.slice(index + 1)].join("\n");
        },
        first: index + 1,
        last: Math.max(index + 1, index + put.length),
        // What is told of a lost mark stands where the next token begins.
        owner: operator.startsWith("drop-") ? index + 2 : index,
        words: [key ?? "", ...(`${value} ${put.join(" ")}`.match(/[\w$.{}-]{2,}/g) ?? [])],
      };
    }
  }
}

interface Row {
  readonly row: string;
  readonly head: string;
  readonly key: string | undefined;
  readonly value: string;
  readonly comma: string;
}

function* slips({
  row,
  head,
  key,
  value,
  comma,
}: Row): Iterable<readonly [operator: string, put: readonly string[]]> {
  const said = (now: string): string => `${head}${now}${comma}`;
  yield ["delete-line", []];
  yield ["duplicate-line", [row, row]];
  yield ["comment", [row.replace(/\S/, "// $&")]];
  if (comma === "") yield ["add-comma", [`${row},`]];
  else yield ["drop-comma", [row.slice(0, -1)]];
  if (key !== undefined) {
    yield ["drop-colon", [row.replace('": ', '" ')]];
    yield ["equals-for-colon", [row.replace('": ', '" = ')]];
    yield ["bare-key", [row.replace(`"${key}"`, key)]];
    yield ["single-quoted-key", [row.replace(`"${key}"`, `'${key}'`)]];
    yield ["key-open", [row.replace(`"${key}"`, `"${key}`)]];
    yield ["key-dropped-letter", [row.replace(`"${key}"`, `"${dropped(key)}"`)]];
    yield ["key-swapped-letters", [row.replace(`"${key}"`, `"${swapped(key)}"`)]];
  }
  if (/^[\]}]/.test(value)) {
    yield ["other-bracket", [row.replace(/[\]}]/, (one) => (one === "]" ? "}" : "]"))]];
    return;
  }
  if (/^"/.test(value)) {
    yield ["drop-last-quote", [said(value.slice(0, -1))]];
    yield ["drop-first-quote", [said(value.slice(1))]];
    yield ["single-quotes", [said(`'${value.slice(1, -1)}'`)]];
    yield ["smart-quotes", [said(`“${value.slice(1, -1)}”`)]];
    yield ["backslash", [said(`${value.slice(0, -1)}\\d"`)]];
  } else if (/^\d/.test(value)) {
    yield ["number-plus", [said(`+${value}`)]];
    yield ["number-dot", [said(`.${value}`)]];
    yield ["number-zero-first", [said(`0${value}`)]];
    yield ["number-text", [said(`"${value}"`)]];
    yield ["number-nan", [said("NaN")]];
  } else if (/^(?:true|false)$/.test(value)) {
    yield ["boolean-capital", [said(value.charAt(0).toUpperCase() + value.slice(1))]];
    yield ["boolean-text", [said(`"${value}"`)]];
  }
  if (!/^[[{]$/.test(value)) yield ["undefined", [said("undefined")]];
}
