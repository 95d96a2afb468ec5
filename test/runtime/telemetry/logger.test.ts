import { pino } from "pino";
import { afterEach, expect, it } from "vitest";
import { json, sequence, status } from "../../../runtime/testing/index.ts";
import { type Line, line, operation } from "../../support/line.ts";

let made: Line | undefined;
afterEach(() => made?.close());

it("pino takes the log as it is: fields beside the message, each at its level", async () => {
  const lines: unknown[] = [];
  const logger = pino(
    { level: "debug", base: null, timestamp: false },
    { write: (text) => lines.push(JSON.parse(text)) },
  );
  made = await line(
    operation("endpoint: /x\nretry: { initial_ms: 1, max_ms: 2 }\nresponse_schema: { type: object }"),
    { "GET /x": sequence(status(503), json([])) },
    { realTime: true, runtime: { logger } },
  );
  await made.connection.call("op");
  expect(lines).toMatchObject([
    {
      level: 20,
      origin: made.server.origin,
      attempts: 1,
      error: "upstream_error",
      status: 503,
      msg: "Trying again.",
    },
    {
      level: 40,
      connector: "test-api",
      operation: "op",
      warning: "schema",
      msg: expect.stringContaining("response_schema"),
    },
  ]);
});
