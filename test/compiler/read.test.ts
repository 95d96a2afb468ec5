import { expect, test } from "vitest";
import { compileText } from "../../compiler/compile.ts";

const first = async (
  input: string | Uint8Array,
  format: "yaml" | "json" = "yaml",
): Promise<string | undefined> => {
  const { diagnostics } = await compileText(input, { format });
  const [only] = diagnostics;
  return only && `${only.rule} ${only.range.start.line}:${only.range.start.column}`;
};

test.each([
  ["an empty file", ""],
  ["blanks", "  \n\n"],
  ["comments", "# nothing\n# here\n"],
  ["a document marker alone", "---\n"],
])("%s holds no descriptor", async (_title, text) => {
  expect(await first(text)).toBe("file/empty 1:1");
});

test("bytes that are no UTF-8 are refused at the start", async () => {
  expect(await first(Buffer.from([0x61, 0xff, 0x62]))).toBe("file/encoding 1:1");
});

test("UTF-16 is told as an encoding, not as a binary file", async () => {
  expect(await first(Buffer.from([0xff, 0xfe, 0x61, 0x00]))).toBe("file/encoding 1:1");
});

test("a picture is told as a binary file, not as an encoding", async () => {
  expect(await first(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00]))).toBe(
    "file/not-text 1:1",
  );
});

test("YAML past 2 MiB and JSON past 16 MiB are refused before they are read", async () => {
  expect(await first(Buffer.alloc(2 * 1024 * 1024 + 1, "#"))).toBe("file/too-large 1:1");
  expect(await first(Buffer.alloc(16 * 1024 * 1024 + 1, " "), "json")).toBe("file/too-large 1:1");
});

test.each([
  ["flow brackets", "[".repeat(100_000), "yaml"],
  ["compact lists", `${"- ".repeat(100_000)}a`, "yaml"],
  ["explicit keys", `${"? ".repeat(50_000)}a`, "yaml"],
  ["JSON", '{"a":'.repeat(100_000), "json"],
] as const)("100,000 levels of %s end in a finding, not in a crash", async (_title, text, format) => {
  expect(await first(text, format)).toMatch(/^(yaml\/too-deep|json\/syntax) 1:/);
});

test("aliases that multiply are refused where they pass the bound", async () => {
  const levels = [..."bcdefgh"].map(
    (name, index) => `x-${name}: &${name} [${Array(9).fill(`*${"abcdefg"[index]}`).join(", ")}]`,
  );
  const { diagnostics } = await compileText(`x-a: &a [1, 2, 3]\n${levels.join("\n")}\n`);
  expect(diagnostics.find(({ rule }) => rule === "yaml/alias-bomb")?.range.start.line).toBe(6);
});

test("a misplaced comma in JSON is shown at its place", async () => {
  expect(await first('{\n  "a": 1,\n}', "json")).toBe("json/syntax 2:9");
});

test("a comma that is missing is shown where it belongs, in JSON and in a YAML file that holds JSON", async () => {
  const text = '{\n  "a": 1\n  "b": 2\n}';
  expect(await first(text, "json")).toBe("json/syntax 2:8");
  expect(await first(text, "yaml")).toBe("json/syntax 2:8");
});

test("positions in quoted texts with escapes point at the hole", async () => {
  const text = JSON.stringify({
    metadata: { name: "Desk", slug: "desk", description: "Tickets and people.", publisher: "Example" },
    authentication: [{ type: "bearer" }],
    operations: [
      {
        operation_id: "a",
        endpoint: "https://example.com/a",
        summary: "A",
        auth_type_ref: "bearer",
        headers: { X: 'é"\\{oops}' },
      },
    ],
  });
  const { diagnostics } = await compileText(text, { format: "json" });
  expect(diagnostics.map(({ range }) => text.slice(range.start.column - 1, range.end.column - 1))).toEqual([
    "{oops}",
  ]);
});

test("a bracket too many in JSON is shown where the columns of brackets part", async () => {
  const text = '{\n  "a": {\n  "a": {\n    "b": 1\n  },\n  "c": "{"\n}\n';
  const { diagnostics } = await compileText(text, { format: "json" });
  expect(
    diagnostics.map(({ rule, related = [] }) => [rule, related.map(({ range }) => range.start.line)]),
  ).toEqual([["json/syntax", [2, 7]]]);
});
