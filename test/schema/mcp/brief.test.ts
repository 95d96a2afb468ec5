import { describe, expect, it } from "vitest";
import { naiveBytes } from "../../../schema/mcp/naive-size.ts";
import { plainText, shortText, toolDescription } from "../../../schema/mcp/plain-text.ts";
import { saysNothing, simplified } from "../../../schema/mcp/simplify.ts";
import { toolDefinitions } from "../../../schema/mcp/tool.ts";
import { connector, operation } from "../../compiler/emit/support/ir.ts";

describe("the texts of tools", () => {
  it.each([
    ['[Docs](https://x.example/a_(b) "t") say.', '[Docs](https://x.example/a_(b) "t") say.'],
    ["See [the guide](https://x.example/guide).", "See the guide."],
    ["<p>Lists <code>Dispute</code> objects.</p>", "Lists Dispute objects."],
    ["a &lt; b &amp;&amp; c", "a < b && c"],
    ["Takes a <list> of <ids>, and 1 < 2.", "Takes a <list> of <ids>, and 1 < 2."],
    ["Over\n\tlines, as it was.", "Over\n\tlines, as it was."],
  ])("lose markup and nothing else: %j", (text, plain) => expect(plainText(text)).toBe(plain));

  it("keep what nobody sees, so that it is refused", () => {
    expect(plainText("<b>x</b>\r\u200b\ufeff")).toBe("x \r\u200b\ufeff");
  });

  it.each([
    ["First sentence here. Second one follows.", 30, "First sentence here."],
    [
      "Takes a value, e.g. a name of something that is long enough. More.",
      62,
      "Takes a value, e.g. a name of something that is long enough.",
    ],
    [
      "No. This is the sentence that says what the thing is about.",
      40,
      "No. This is the sentence that says…",
    ],
    ["Fits.", 5, "Fits."],
    ["x".repeat(50), 10, `${"x".repeat(9)}…`],
  ])("are cut behind a sentence, else behind a word: %j", (text, most, cut) => {
    expect(shortText(text, most)).toBe(cut);
    expect(cut.length).toBeLessThanOrEqual(most);
  });

  it("say first what the operation does", () => {
    expect(toolDescription("Updates a card.", "Updates a card. What is not given stays.", 100)).toBe(
      "Updates a card. What is not given stays.",
    );
    expect(toolDescription("Updates a card", "What is not given stays.", 100)).toBe(
      "Updates a card. What is not given stays.",
    );
    expect(toolDescription("Updates a card", " ", 100)).toBe("Updates a card");
  });
});

describe("schemas in fewer words", () => {
  it.each<[object, object]>([
    [
      { allOf: [{ type: "string" }], description: "d" },
      { type: "string", description: "d" },
    ],
    [
      { oneOf: [{ type: "null" }, { type: "integer", minimum: 1 }] },
      { type: ["integer", "null"], minimum: 1 },
    ],
    [{ anyOf: [{ type: "string" }, { type: "string", enum: [""] }] }, { type: "string" }],
  ])("%j is %j", (given, expected) => expect(simplified(given as never)).toEqual(expected));

  it.each<object>([
    { allOf: [{ type: "object" }, { required: ["a"] }] },
    { allOf: [{ type: "string", minLength: 2 }], minLength: 1 },
    { oneOf: [{ type: "null" }, { enum: ["a"] }] },
    { oneOf: [{ type: "null" }, { type: "string", enum: ["a"] }] },
    {
      anyOf: [
        { type: "string", minLength: 1 },
        { type: "string", enum: [""] },
      ],
    },
    { oneOf: [{ type: "string" }, { type: "string", enum: [""] }] },
  ])("%j stays, since it means more", (schema) => expect(simplified(schema as never)).toEqual(schema));

  it("lose bounds that no caller meets, and keep those that one does", () => {
    expect(saysNothing("maximum", 2 ** 31 - 1)).toBe(true);
    expect(saysNothing("maximum", 100)).toBe(false);
    expect(saysNothing("additionalProperties", false)).toBe(true);
    expect(saysNothing("additionalProperties", { type: "string" })).toBe(false);
    expect(saysNothing("format", "date-time")).toBe(false);
  });
});

describe("a connector of many operations", () => {
  const wordy = "What it is about, in a sentence. ".repeat(12).trim();
  const of = (count: number) =>
    connector({
      operations: Array.from({ length: count }, (_, at) =>
        operation(`op_${at}`, {
          description: wordy,
          parameters: [
            {
              name: "q",
              wire_name: "q",
              location: "query",
              type: "string",
              required: true,
              secret: false,
              description: wordy,
            },
          ],
        }),
      ),
    });

  it("says of each tool what it takes, briefly; one of few says all", () => {
    const [few] = toolDefinitions(of(40));
    const [many] = toolDefinitions(of(41));
    expect(few?.text.inputSchema).toMatchObject({ properties: { q: { description: wordy } } });
    const sentence = "What it is about, in a sentence.";
    expect(many?.text.inputSchema).toMatchObject({ properties: { q: { description: sentence } } });
    expect(many?.text.description.length).toBeLessThanOrEqual(160);
    expect(many?.text.inputSchema.required).toEqual(["q"]);
  });

  it("is measured against its operations word by word", () => {
    const [first] = of(1).operations;
    if (!first) throw new Error("there is one");
    expect(naiveBytes(first, {})).toBe(
      JSON.stringify({
        name: "op_0",
        description: wordy,
        inputSchema: { type: "object", properties: { q: { type: "string", description: wordy } } },
      }).length,
    );
    const shared = { ...first, parameters: [{ ...first.parameters[0], schema: { $ref: "#/schemas/A" } }] };
    const schemas = { A: { type: "object", properties: { a: { $ref: "#/schemas/A" } } } };
    expect(naiveBytes(shared as never, schemas) - naiveBytes(shared as never, {})).toBe(
      JSON.stringify(schemas).length,
    );
  });
});
