/** What `--fix` makes of a text: the layout around it, its comments and line ends stay as they are. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compileText } from "../../../compiler/compile.ts";
import { fixText } from "../../../compiler/fix/fix-text.ts";

const base = readFileSync(new URL("../../support/base.yaml", import.meta.url), "utf8");
const unpaged = base.replace("      max_pages: 20\n", "");
const records = '      records_path: "$.tickets"\n';
const pagination = / {4}pagination:\n(?: {6}.*\n)+/;
const flowPagination = '    pagination: { type: cursor, cursor_path: "$.next", cursor_param: cursor }\n';

async function fixed(text: string, format: "yaml" | "json" = "yaml"): Promise<string> {
  const { text: after } = await fixText(
    text,
    async (one) => (await compileText(one, { format })).diagnostics,
  );
  return after;
}

interface Case {
  readonly title: string;
  readonly from: string;
  readonly to: string;
}

function replaced(text: string, find: string | RegExp, put: string): string {
  const after = text.replace(find, () => put);
  if (after === text) throw new Error(`not in the text: ${find}`);
  return after;
}

const moves: readonly Case[] = [
  {
    title: "with the comments above and behind it",
    from: replaced(unpaged, records, `      # a month\n      max_pages: 20 # no more\n${records}`),
    to: replaced(
      unpaged,
      "      limit_param: page_size\n",
      "      limit_param: page_size\n      # a month\n      max_pages: 20 # no more\n",
    ),
  },
  {
    title: "as the last key of its section",
    from: replaced(unpaged, records, `${records}      max_pages: 20\n`),
    to: base,
  },
  {
    title: "out of braces",
    from: replaced(
      unpaged,
      `    response:\n${records}`,
      '    response: { records_path: "$.tickets", max_pages: 20 }\n',
    ),
    to: replaced(base, `    response:\n${records}`, '    response: { records_path: "$.tickets" }\n'),
  },
  {
    title: "into braces",
    from: replaced(replaced(base, pagination, flowPagination), records, `${records}      max_pages: 3\n`),
    to: replaced(
      base,
      pagination,
      '    pagination: { type: cursor, cursor_path: "$.next", cursor_param: cursor, max_pages: 3 }\n',
    ),
  },
  {
    title: "one level up, right behind the section that it stood in",
    from: replaced(
      base,
      "      max_attempts: 2\n",
      "      max_attempts: 2\n      # slow\n      timeout_ms: 500\n",
    ),
    to: replaced(
      base,
      "      on_status: [503]\n",
      "      on_status: [503]\n    # slow\n    timeout_ms: 500\n",
    ),
  },
  {
    title: "with a list in it that stands at the column of its key",
    from: replaced(
      unpaged,
      records,
      `${records}      stop_when:\n      - json: { path: "$.next", equals: end }\n`,
    ),
    to: replaced(
      unpaged,
      "      limit_param: page_size\n",
      '      limit_param: page_size\n      stop_when:\n      - json: { path: "$.next", equals: end }\n',
    ),
  },
];

describe("a key in the wrong section moves", () => {
  it.each(moves)("$title", async ({ from, to }) => {
    expect(await fixed(from)).toBe(to);
  });

  it.each(moves)("$title, with CR LF", async ({ from, to }) => {
    const crlf = (text: string): string => text.replaceAll("\n", "\r\n");
    expect(await fixed(crlf(from))).toBe(crlf(to));
  });

  it("in JSON, line by line", async () => {
    const json = (response: object, pages: object): string =>
      `${JSON.stringify(
        {
          metadata: { name: "Desk", slug: "desk", description: "Tickets of a desk.", publisher: "Example" },
          authentication: [{ type: "none" }],
          operations: [
            {
              operation_id: "list",
              endpoint: "https://desk.example.com/tickets",
              summary: "List tickets",
              auth_type_ref: "none",
              response,
              pagination: { type: "page", ...pages },
            },
          ],
        },
        undefined,
        2,
      )}\n`;
    const stop = { stop_when: { status: 204, text: { contains: "end" } } };
    expect(await fixed(json({ records_path: "$.a", ...stop }, {}), "json")).toBe(
      json({ records_path: "$.a" }, stop),
    );
  });

  it.each([
    ["the section has such a key already", replaced(base, records, `${records}      max_pages: 3\n`)],
    [
      "it would leave its section empty",
      replaced(unpaged, `    response:\n${records}`, "    response:\n      max_pages: 3\n"),
    ],
    [
      "braces have no room for its comment",
      replaced(replaced(base, pagination, flowPagination), records, `${records}      max_pages: 3 # few\n`),
    ],
    ["an alias repeats it", replaced(unpaged, records, `${records}      max_pages: &few 3\n`)],
  ])("but stays where %s", async (_, text) => {
    expect(await fixed(text)).toBe(text);
  });
});

describe("what says the same twice", () => {
  it.each<Case>([
    {
      title: "an entry of a list goes, with its comment",
      from: replaced(
        base,
        "  - name: reads\n",
        "  # again\n  - scope: per_account\n    limit: 100\n    interval_seconds: 60\n    burst: 20\n  - name: reads\n",
      ),
      to: base,
    },
    {
      title: "a header in another case goes",
      from: replaced(
        base,
        "      X-Source: connector\n",
        "      X-Source: connector\n      x-source: connector\n",
      ),
      to: base,
    },
    { title: "a key goes", from: replaced(base, "  slug: desk\n", "  slug: desk\n  slug: desk\n"), to: base },
  ])("$title", async ({ from, to }) => {
    expect(await fixed(from)).toBe(to);
  });

  it.each([
    [
      "a header with another value",
      "      X-Source: connector\n",
      "      X-Source: connector\n      x-source: other\n",
    ],
    ["a key with another value", "  slug: desk\n", "  slug: desk\n  slug: other\n"],
    [
      "a limit with another number",
      "  - name: reads\n",
      "  - scope: per_account\n    limit: 5\n    interval_seconds: 60\n  - name: reads\n",
    ],
  ])("not %s", async (_, find, put) => {
    const text = replaced(base, find, put);
    expect(await fixed(text)).toBe(text);
  });
});

describe("a slip that can mean one thing only", () => {
  it.each([
    [
      "a key in camel case",
      "    cost: 2\n",
      "    cost: 2\n    timeoutMs: 5\n",
      "    cost: 2\n    timeout_ms: 5\n",
    ],
    ["a word of OpenAPI with one of our values", "location: header", "in: header", "location: header"],
    ["a yes that is text", "enabled: true", "enabled: yes", "enabled: true"],
    ["a number in quotes", "limit: 100", 'limit: "100"', "limit: 100"],
    ["a default in quotes", "default_value: 50", 'default_value: "50"', "default_value: 50"],
    ["a number that is a text", "tags: [tickets]", "tags: [1.10]", 'tags: ["1.10"]'],
    [
      "a method in small letters, in its quotes",
      "method: POST\n    sum",
      'method: "post"\n    sum',
      'method: "POST"\n    sum',
    ],
    [
      "a method in a block of lines",
      "method: POST\n    sum",
      "method: |\n      post\n    sum",
      "method: POST\n    sum",
    ],
    ["blanks in a hole", "/{ticket_id}", "/{ ticket_id }", "/{ticket_id}"],
    ["a colon for a hole", "/{ticket_id}", "/:ticket_id", "/{ticket_id}"],
    ["a hole in two braces", "/{ticket_id}", "/{{ticket_id}}", "/{ticket_id}"],
    ["a name in another style", "{email}:{api_key}", "{email}:{apiKey}", "{email}:{api_key}"],
    ["a function in capitals", "{base64(", "{Base64(", "{base64("],
    [
      "a reference in another style",
      "auth_type_ref: api_key\n",
      "auth_type_ref: 'api-key'\n",
      "auth_type_ref: 'api_key'\n",
    ],
    [
      "a host pattern without quotes",
      "    test_endpoint:\n",
      "    allowed_hosts: [*.example.com]\n    test_endpoint:\n",
      '    allowed_hosts: ["*.example.com"]\n    test_endpoint:\n',
    ],
    [
      "children that are not indented",
      "      X-Source: connector\n",
      "    X-Source: connector\n    # more\n    X-Other: b\n",
      "      X-Source: connector\n      # more\n      X-Other: b\n",
    ],
    [
      "a hole in a text of several lines",
      "X-Source: connector",
      "X-Source: >-\n        a\n        {{region}} b",
      "X-Source: >-\n        a\n        {region} b",
    ],
  ])("%s", async (_, find, put, want) => {
    expect(await fixed(replaced(base, find, put))).toBe(base.replace(find, () => want));
  });
});

describe("what could be meant otherwise stays", () => {
  it.each([
    ["a name that is a letter away", "{email}:", "{emial}:"],
    ["a reference that is a letter away", "rate_limit_scope: reads", "rate_limit_scope: reeds"],
    ["a choice that is two letters away", "scope: per_user", "scope: per_uzer_"],
    ["a keyword of JSON Schema in another style", "maxLength: 200", "max_length: 200"],
    ["a text that names a parameter", "base64({email}:{api_key})", "base64(api_key)}{email}{api_key"],
    ["a slip in a value that an alias repeats", "tags: [read]", "tags: &t read\n    x-tags: *t"],
  ])("%s", async (_, find, put) => {
    const text = replaced(base, find, put);
    expect(await fixed(text)).toBe(text);
  });
});
