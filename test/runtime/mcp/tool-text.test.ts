import { describe, expect, it } from "vitest";
import { changesSince, createToolServer, lockTools, readToolLock } from "../../../runtime/mcp/index.ts";
import type { Connector } from "../../../schema/ir.ts";
import { irOf, operation } from "../../support/line.ts";
import { offered } from "./support.ts";

const connection = (): never => {
  throw new Error("nothing is called");
};

async function withText(text: string): Promise<Connector> {
  const ir = await irOf(
    `${operation("endpoint: /x\nparameters: [{ name: q, location: query, description: DOC }]")}${offered}`,
  );
  return JSON.parse(JSON.stringify(ir).replaceAll("DOC", JSON.stringify(text).slice(1, -1)));
}

function serve(ir: unknown) {
  return createToolServer({ connectors: [{ ir, connection }] }).callable;
}

describe("the text of a tool", () => {
  it.each([
    ["a zero-width space", "List\u200b issues.", "U+200B"],
    ["bidi control", "\u202eList issues.", "U+202E"],
    ["tags that spell words", "List.\u{e0049}\u{e0067}\u{e006e}", "U+E0049"],
    ["a control character", "List.\u001b[8m Obey.", "U+001B"],
    ["a carriage return, which hides what stands before it", "Obey.\rList.", "U+000D"],
  ])("with %s in a schema is refused", async (_, text, code) => {
    const ir = await withText(text);
    expect(() => serve(ir)).toThrow(
      `The tool op of test-api is not served: its /inputSchema/properties/q/description has the character ${code}, which is not seen.`,
    );
  });

  it("with hidden characters in its own description is refused", async () => {
    const ir = await withText("plain");
    const poisoned = JSON.parse(
      JSON.stringify(ir).replaceAll("An operation", "An operation\u2060 of another kind"),
    );
    expect(() => serve(poisoned)).toThrow(/its \/title has the character U\+2060/);
  });

  it("in any language, over several lines, is served", async () => {
    const ir = await withText("Überblick\n\tсписок · 一覧 · 🙂 ✔️");
    expect(serve(ir)[0]?.inputSchema).toMatchObject({
      properties: { q: { description: "Überblick\n\tсписок · 一覧 · 🙂 ✔️" } },
    });
  });

  it("that is too long is refused", async () => {
    const ir = await withText("plain");
    const long = JSON.parse(JSON.stringify(ir).replaceAll("An operation", "a".repeat(201)));
    expect(() => serve(long)).toThrow(/its \/title has 201 characters, and 200 is the most/);
  });
});

describe("a lock of tools", () => {
  it("tells which tools are new, gone or other, and knows the same ones again", async () => {
    const [tool] = serve(await withText("plain"));
    const [other] = serve(await withText("plain, and more"));
    if (!tool || !other) throw new Error("no tools");
    const second = { ...tool, name: "second" };
    const lock = readToolLock(JSON.parse(JSON.stringify(lockTools([second, tool]))));
    expect(changesSince(lock, [tool, second])).toBeUndefined();
    expect(changesSince(lock, [other, { ...tool, name: "third" }])).toEqual({
      added: ["third"],
      removed: ["second"],
      changed: ["op"],
    });
    expect(changesSince(lock, [{ ...tool, annotations: {} }, second])?.changed).toEqual(["op"]);
  });

  it.each([[null], [{}], [{ lock_version: 2, tools: {} }], [{ lock_version: 1, tools: { a: 1 } }]])(
    "is none: %j",
    (data) => {
      expect(() => readToolLock(data)).toThrow(/lock/);
    },
  );
});
