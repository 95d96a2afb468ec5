/** Bodies that nothing but the closing of their connection ends: which count as cut, and so are asked for again. */
import { expect, it, onTestFinished } from "vitest";
import { line, operation } from "../../support/line.ts";

const cut = { code: "network_error", attempts: 3 };
const wrong = { code: "response_invalid", attempts: 1 };

it.each([
  ["an object without its end", "json", '{"a":[1,2', cut],
  ["a string without its end", "json", '{"a":"b', cut],
  ["an escape without its end", "json", '{"a":"\\u00', cut],
  ["a word without its end", "json", '{"a":tru', cut],
  ["a number without its end", "json", '{"a":-', cut],
  ["nothing but blanks after a comma", "json", '{"a":1, \n', cut],
  ["a page of HTML", "json", "<!doctype html><title>Log in</title>", wrong],
  ["a wrong character in the middle", "json", '{"a" 1, "b": 2}', wrong],
  ["something after the end", "json", '{"a":1}}', wrong],
  ["a last line without its end", "jsonl", '{"a":1}\n{"a":', cut],
  ["a wrong line before others", "jsonl", '{"a":1}\n{"a":\n{"a":3}\n', wrong],
  ["a wrong last line", "jsonl", '{"a":1}\n<br>\n', wrong],
] as const)("%s, %s", async (_, type, body, told) => {
  const { connection, close, server } = await line(
    operation(`endpoint: /x\nresponse: { type: ${type} }\nretry: { initial_ms: 1, max_ms: 50 }`),
    {
      "GET /x": {
        raw: (wire) => {
          wire.write(`HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n${body}`);
          wire.end();
        },
      },
    },
    { realTime: true },
  );
  onTestFinished(() => close());
  await expect(connection.call("op")).rejects.toMatchObject(told);
  expect(server.requests).toHaveLength(told.attempts);
});
