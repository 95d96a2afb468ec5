import { describe, expect, it } from "vitest";
import { type Compilation, compileText } from "../../compiler/compile.ts";
import type { Policy } from "../../compiler/policy.ts";

/** A descriptor with a finding of `url/insecure` (line 6) and one of `setting/unused` (line 3). */
const lines = [
  "metadata: { name: Desk, slug: desk, description: Tickets of a desk., publisher: Example }",
  "connection_config:",
  "  - key: colour",
  "    label: Colour",
  "authentication: [{ type: bearer }]",
  "base_url: http://desk.example.com",
  "operations:",
  "  - operation_id: list",
  "    endpoint: /list",
  "    summary: List all",
  "    auth_type_ref: bearer",
];
const text = lines.join("\n");

/** The text with lines put before the line of that number, or words behind it. */
function above(line: number, ...added: readonly string[]): string {
  return [...lines.slice(0, line - 1), ...added, ...lines.slice(line - 1)].join("\n");
}
function behind(line: number, words: string): string {
  return lines.map((one, index) => (index === line - 1 ? `${one} ${words}` : one)).join("\n");
}

async function compiled(source: string, policy: Policy = {}): Promise<Compilation> {
  return compileText(source, { policy });
}
async function told(source: string, policy: Policy = {}): Promise<readonly string[]> {
  return (await compiled(source, policy)).diagnostics.map(({ rule, range }) => `${range.start.line} ${rule}`);
}

describe("# connector-ignore", () => {
  it("finds both without a comment", async () => {
    expect(await told(text)).toEqual(["3 setting/unused", "6 url/insecure"]);
  });

  it("hides what begins on its own line, and keeps it apart with the reason", async () => {
    const { diagnostics, suppressed } = await compiled(behind(3, "# connector-ignore setting/unused: soon"));
    expect(diagnostics.map(({ rule }) => rule)).toEqual(["url/insecure"]);
    expect(suppressed).toMatchObject([
      { by: "inline", reason: "soon", diagnostic: { rule: "setting/unused", range: { start: { line: 3 } } } },
    ]);
  });

  it("counts on a line of its own for the next line with content", async () => {
    const comments = ["  # connector-ignore setting/unused: soon", "", "# A word about colours."];
    expect(await told(above(3, ...comments))).toEqual(["9 url/insecure"]);
  });

  it("does not count for the block that the next line opens", async () => {
    expect(await told(above(2, "# connector-ignore setting/unused: soon"))).toEqual([
      "2 ignore/unused",
      "4 setting/unused",
      "7 url/insecure",
    ]);
  });

  it("counts for the whole file at its top, also below the mark of a document", async () => {
    const top = "# connector-ignore-file setting/unused, url/insecure: a test bench";
    expect(await told(above(1, top))).toEqual([]);
    expect(await told(above(1, "%YAML 1.2", "---", top))).toEqual([]);
    expect(await told(above(2, top))).toContain("2 ignore/syntax");
  });

  it("takes several comments above one line", async () => {
    const comments = ["# connector-ignore setting/unused: soon", "# connector-ignore url/insecure: intranet"];
    expect(await told(above(3, ...comments))).toEqual(["4 ignore/unused", "8 url/insecure"]);
  });

  it("hides a finding of a value that ends lines below where it begins", async () => {
    const folded = text.replace("http://desk.example.com", '"http://desk.\\\n  example.com"');
    expect(await told(folded)).toContain("6 url/insecure");
    expect(await told(folded.replace('.com"', '.com" # connector-ignore url/insecure: intranet'))).toEqual([
      "3 setting/unused",
    ]);
  });

  it.each([
    ["in quotes", 'label: "Colour # connector-ignore setting/unused: soon"'],
    ["in a block", "label: |\n      Colour\n      # connector-ignore-next setting/unused: soon"],
    ["within a word", "label: Colour#connector-ignore setting/unused; soon"],
    ["as prose", "label: Colour # See connector-ignore in the docs."],
    ["as another word", "label: Colour # connector-ignored for years"],
  ])("is none %s", async (_, label) => {
    expect(
      (await compiled(text.replace("label: Colour", label))).diagnostics.map(({ rule }) => rule),
    ).toEqual(["setting/unused", "url/insecure"]);
  });

  it("keeps an ignored error of a check rule from blocking the connector", async () => {
    const error: Policy = { rules: { "url/insecure": "error" } };
    expect((await compiled(text, error)).connectors).toEqual([]);
    const ignored = await compiled(behind(6, "# connector-ignore url/insecure: intranet"), error);
    expect(ignored.connectors.map(({ slug }) => slug)).toEqual(["desk"]);
  });

  it.each([
    ["ignore/no-reason", "# connector-ignore setting/unused"],
    ["ignore/no-reason", "# connector-ignore setting/unused:  "],
    ["ignore/no-reason", "# connector-ignore setting/unused because of plans"],
    ["ignore/unknown-rule", "# connector-ignore setting/unsued: soon"],
    ["ignore/blocking", "# connector-ignore structure/unknown-key: soon"],
    ["ignore/blocking", "# connector-ignore reference/unknown-profile: soon"],
    ["ignore/blocking", "# connector-ignore ignore/unused: soon"],
    ["ignore/syntax", "# connector-ignore"],
    ["ignore/syntax", "# connector-ignore: setting/unused"],
    ["ignore/syntax", "# connector-ignore-line setting/unused: soon"],
    ["ignore/syntax", "# connector-ignore-file setting/unused: soon"],
  ])("reports %s for %s", async (rule, comment) => {
    const found = await told(behind(3, comment));
    expect(found).toContain(`3 ${rule}`);
    expect(found.filter((one) => one.includes("ignore/"))).toHaveLength(1);
  });

  it("points at the rule in a list", async () => {
    const source = behind(3, "# connector-ignore setting/unused , url/insecure: soon");
    const { diagnostics } = await compiled(source);
    expect(diagnostics[0]).toMatchObject({
      rule: "ignore/unused",
      range: { start: { line: 3, column: 53 }, end: { line: 3, column: 65 } },
    });
  });

  it.each([
    ["behind a value", behind(4, "# connector-ignore setting/unused: soon"), text],
    ["on a line of its own", above(4, "  # connector-ignore setting/unused: soon"), text],
    ["at the very end", `${text}\n# connector-ignore setting/unused: soon`, `${text}\n`],
    [
      "in a list, first",
      behind(3, "# connector-ignore url/insecure, setting/unused: soon"),
      behind(3, "# connector-ignore setting/unused: soon"),
    ],
    [
      "in a list, last",
      behind(3, "# connector-ignore setting/unused, url/insecure: soon"),
      behind(3, "# connector-ignore setting/unused: soon"),
    ],
  ])("offers to take an unused comment away, %s", async (_, source, mended) => {
    const { diagnostics } = await compiled(source);
    const edits = diagnostics.find(({ rule }) => rule === "ignore/unused")?.fix?.edits ?? [];
    expect(edits).toHaveLength(1);
    const [{ range, text: put } = { range: undefined, text: "" }] = edits;
    const offset = (at: { line: number; column: number } | undefined): number =>
      source
        .split("\n")
        .slice(0, (at?.line ?? 1) - 1)
        .join("\n").length +
      ((at?.line ?? 1) > 1 ? 1 : 0) +
      (at?.column ?? 1) -
      1;
    expect(source.slice(0, offset(range?.start)) + put + source.slice(offset(range?.end))).toBe(mended);
  });

  it("does not call a comment unused where an error kept rules from looking", async () => {
    const broken = `${behind(4, "# connector-ignore setting/unused: soon")}\n    authtype: bearer`;
    expect((await told(broken)).filter((one) => one.includes("ignore/"))).toEqual([]);
  });

  it("does not call a comment unused for a rule that the policy has off", async () => {
    const source = behind(3, "# connector-ignore setting/unused: soon");
    const policy: Policy = { rules: { "setting/unused": "off" } };
    expect(await told(source, policy)).toEqual(["6 url/insecure"]);
    expect(await told(behind(4, "# connector-ignore setting/unused: soon"), policy)).toEqual([
      "6 url/insecure",
    ]);
  });

  it("belongs to the document that it stands in", async () => {
    const two = `${text}\n---\n${behind(4, "# connector-ignore setting/unused: soon").replace("slug: desk", "slug: two")}`;
    const { diagnostics } = await compiled(two);
    expect(diagnostics.filter(({ rule }) => rule === "ignore/unused")).toMatchObject([{ document: 1 }]);
  });

  it("is no part of JSON", async () => {
    const data = {
      metadata: {
        name: "# connector-ignore-file setting/unused: x",
        slug: "d",
        description: "D.",
        publisher: "E",
      },
    };
    const { diagnostics } = await compileText(JSON.stringify(data), { format: "json" });
    expect(diagnostics.map(({ rule }) => rule).filter((rule) => rule.startsWith("ignore/"))).toEqual([]);
  });

  it("reads lines that end in CR LF", async () => {
    const source = behind(3, "# connector-ignore setting/unused: soon").replaceAll("\n", "\r\n");
    const { diagnostics, suppressed } = await compiled(source);
    expect(diagnostics.map(({ rule }) => rule)).toEqual(["url/insecure"]);
    expect(suppressed[0]?.reason).toBe("soon");
  });
});
