/** Where a slip is not where its finding stands, the finding shows both. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { compileText } from "../../../compiler/compile.ts";

const base = readFileSync(new URL("../../support/base.yaml", import.meta.url), "utf8");

/** What is found in the base descriptor after some replacements, with the text of each related place. */
async function findings(
  ...swaps: readonly (readonly [find: string, put: string])[]
): Promise<readonly unknown[]> {
  const text = swaps.reduce((all, [find, put]) => {
    expect(all.split(find).length, find).toBe(2);
    return all.replace(find, () => put);
  }, base);
  const lines = text.split("\n");
  const { diagnostics } = await compileText(text);
  return diagnostics
    .filter(({ severity }) => severity !== "info")
    .map(({ rule, severity, related = [] }) => ({
      found: `${severity} ${rule}`,
      shows: related.map(({ range: { start, end } }) =>
        (lines[start.line - 1] ?? "").slice(start.column - 1, end.column - 1),
      ),
    }));
}

test("an entry of a list without its dash is shown where the list begins", async () => {
  expect(await findings(["      - name: status\n", "        name: status\n"])).toEqual([
    { found: "error yaml/syntax", shows: ["name: status"] },
  ]);
});

test("a line that is too deep shows the key above, which has its value", async () => {
  expect(
    await findings([
      "    parameters:\n      - name: subject\n",
      "    parameters:\n    cost: 2\n      - name: subject\n",
    ]),
  ).toEqual([{ found: "error yaml/syntax", shows: ["cost: 2"] }]);
});

test("a required property that is misspelt where it is described is shown there", async () => {
  expect(await findings(["      id: { type: string }\n", "      idd: { type: string }\n"])).toEqual([
    { found: "warning schema/unknown-required", shows: ["idd"] },
  ]);
});

test("a path that the schema misspells is shown there", async () => {
  const findsNext = await findings(["        next: {", "        nexxt: {"]);
  expect(findsNext).toEqual([{ found: "warning pagination/unknown-path", shows: ["nexxt"] }]);
});

const paging =
  '    pagination:\n      type: cursor\n      cursor_path: "$.next"\n      cursor_param: cursor\n';
const ownPaging = base.slice(base.indexOf(paging), base.indexOf("    rate_limit_scope: reads"));

test("records that are a text are an error under inherited paging as well", async () => {
  const inherited = `defaults:\n  pagination: { type: cursor, cursor_path: "$.next", cursor_param: cursor }\n`;
  const found = await findings(
    [ownPaging, ""],
    ["operations:\n", `${inherited}operations:\n`],
    ['records_path: "$.tickets"', 'records_path: "$.next"'],
  );
  expect(found).toContainEqual(expect.objectContaining({ found: "error pagination/records-type" }));
});

test("a base_url that is not there is one finding, though full URLs stand beside", async () => {
  const found = await findings(
    ['base_url: "https://{region}.desk.example.com/api"\n', ""],
    ['      url: "/me"\n', '      url: "https://{region}.desk.example.com/api/me"\n'],
  );
  expect(found).not.toContainEqual(
    expect.objectContaining({ found: expect.stringContaining("foreign-origin") }),
  );
  expect(found).toContainEqual(expect.objectContaining({ found: "warning setting/implied" }));
});

test("an operation that answers 204 needs no response schema", async () => {
  const strict = async (status: string): Promise<readonly string[]> => {
    const text = base.replace(
      "    idempotency:\n",
      `    response: { success_status: ${status} }\n    idempotency:\n`,
    );
    const { diagnostics } = await compileText(text, { policy: { preset: "strict" } });
    return diagnostics.filter(({ rule }) => rule === "style/response-schema").map(({ path }) => path);
  };
  expect(await strict("201")).toEqual(["/operations/2"]);
  expect(await strict("204")).toEqual([]);
  expect(await strict("[204, 205]")).toEqual([]);
  expect(await strict("[200, 204]")).toEqual(["/operations/2"]);
});
