import { afterEach, describe, expect, it } from "vitest";
import { compile } from "../../../compiler/index.ts";
import { json } from "../../../runtime/testing/index.ts";
import type { Connector, Entry } from "../../../schema/ir.ts";
import { irOf, type Line, line, operation } from "../../support/line.ts";

const reserved = [
  "Host",
  "Content-Length",
  "Transfer-Encoding",
  "Connection",
  "Keep-Alive",
  "Expect",
  "TE",
  "Trailer",
  "Upgrade",
  "Proxy-Authorization",
];

let made: Line | undefined;
afterEach(async () => {
  await made?.close();
  made = undefined;
});

describe.each(reserved)("the header %s", (name) => {
  it.each([
    ["among headers", `headers: { ${name}: x }`],
    ["as a parameter", `parameters: [{ name: p, location: header, wire_name: ${name.toLowerCase()} }]`],
    ["for idempotency", `method: POST\nidempotency: { header: ${name} }`],
    [
      "of a cursor",
      `pagination: { type: cursor, cursor_path: $.next, cursor_param: ${name}, cursor_location: header }`,
    ],
  ])("is an error %s", async (_, fields) => {
    const { diagnostics } = await compile(operation(`endpoint: /x\n${fields}`));
    expect(diagnostics.filter(({ severity }) => severity === "error").map(({ rule }) => rule)).toEqual([
      "header/reserved",
    ]);
  });

  it("is refused in an IR of another hand, and nothing is sent", async () => {
    const plain = operation("endpoint: /x");
    made = await line(plain, { "GET /x": json({}) });
    const entry: Entry = { kind: "template", name, value: { parts: ["x"] } };
    const connection = made.runtime.connect(withHeader(await irOf(plain), entry), {
      config: { base_url: made.server.origin },
    });
    await expect(connection.call("op")).rejects.toMatchObject({
      code: "configuration",
      details: { header: name },
    });
    expect(made.server.requests).toHaveLength(0);
  });
});

function withHeader(ir: Connector, entry: Entry): Connector {
  return {
    ...ir,
    operations: ir.operations.map((one) => ({
      ...one,
      exchange: { ...one.exchange, headers: [entry] },
    })),
  };
}
