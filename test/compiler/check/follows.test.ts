/** What is told, and what is left unsaid, where one mistake is in a file of its own, in another document or twice in reach. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { compileText } from "../../../compiler/compile.ts";
import { mistakes } from "../mistakes.ts";

const base = readFileSync(new URL("../../support/base.yaml", import.meta.url), "utf8");

async function told(text: string): Promise<readonly string[]> {
  const { diagnostics } = await compileText(text);
  return diagnostics.map(({ rule, range }) => `${range.start.line} ${rule}`);
}

describe("a key that moved", () => {
  const moved = (key: string, into: string, indent: string): string => {
    const line = base.split("\n").find((one) => one.trim().startsWith(key)) ?? "";
    const without = base.replace(`${line}\n`, "");
    const text = line.trim().replace(/^- /, "");
    return without.replace(`${into}\n`, () => `${into}\n${indent}${text}\n`);
  };

  test("to the top is told of there, and not as missing", async () => {
    const found = await told(moved("auth_type_ref: oauth2_client", "language_version: 1", ""));
    expect(found).toEqual(["2 structure/misplaced-key"]);
  });

  test("into the headers beside it is told of there, as an error", async () => {
    const found = await told(moved("auth_type_ref: oauth2_client", "\n    headers:", "      "));
    expect(found).toEqual(["121 structure/misplaced-key"]);
  });

  test("into a schema is told of there, and moved back", async () => {
    const text = moved("auth_type_ref: [api_key, login]", "\n    response_schema:", "      ");
    const { diagnostics } = await compileText(text);
    expect(diagnostics.map(({ rule }) => rule)).toEqual(["structure/misplaced-key"]);
    expect(diagnostics[0]?.fix?.title).toBe("Move `auth_type_ref` to the operation");
  });

  test("does not hide that another lacks it", async () => {
    const text = moved("auth_type_ref: oauth2_client", "language_version: 1", "");
    const found = await told(text.replace("    auth_type_ref: api_key\n", ""));
    expect(found).toEqual(["2 structure/misplaced-key", "108 structure/missing-key"]);
  });
});

test("what a second document lacks is told of where it begins", async () => {
  const second = base
    .replace("slug: desk", "slug: other")
    .replace("language_version: 1\n", "")
    .replace("sla:\n", "x-sla:\n");
  const lacking = second.replace(/^authentication:\n(?: .*\n)+/m, "");
  const line = base.split("\n").length + 1;
  expect(await told(`${base}---\n${lacking}`)).toContain(`${line} structure/missing-key`);
});

test("a keyword that a schema file has and JSON Schema has not is told of where the file is named", async () => {
  const text = base.replace(
    'response_schema: { $ref: "#/schemas/Ticket" }',
    'response_schema: { $ref: "./t.json" }',
  );
  const { diagnostics } = await compileText(text, {
    host: {
      readText: async () => ({ text: '{ "type": "object", "properties": { "a": { "nullable": true } } }' }),
    },
  });
  expect(diagnostics.map(({ rule, message }) => `${rule}: ${message}`)).toEqual([
    "schema/unknown-keyword: In t.json: /properties/a/nullable: `nullable` is no keyword of JSON Schema 2020-12; it has no effect.",
  ]);
});

test("what should be written in a JSON descriptor is JSON", async () => {
  const wrong: string[] = [];
  for (const { title, find, put } of mistakes) {
    const data = readable(base.replace(find, () => put));
    if (data === undefined) continue;
    const text = JSON.stringify(data, null, 1);
    const lines = text.split("\n");
    const offset = ({ line, column }: { readonly line: number; readonly column: number }): number =>
      lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, column - 1);
    const { diagnostics } = await compileText(text, { format: "json" });
    for (const { suggestion } of diagnostics) {
      if (!suggestion) continue;
      const { range } = suggestion;
      const mended = text.slice(0, offset(range.start)) + suggestion.text + text.slice(offset(range.end));
      if (readable(mended, JSON.parse) === undefined) wrong.push(`${title}: ${suggestion.text}`);
    }
  }
  expect(wrong).toEqual([]);
});

function readable(text: string, read: (text: string) => unknown = parse): unknown {
  try {
    return read(text);
  } catch {
    return undefined;
  }
}
