/** A stream of any length takes the memory of a few pieces. */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { createRuntime } from "../../../runtime/index.ts";
import { irOf, operation } from "../../support/line.ts";

const records = 1_000_000;
const perPiece = 500;

/** JSON Lines, as fast as they are taken. */
function write(response: ServerResponse, from = 0): void {
  for (let first = from; first < records; first += perPiece) {
    const lines = Array.from(
      { length: perPiece },
      (_, n) => `{"id":${first + n},"title":"The page stays blank after the login"}\n`,
    );
    if (response.write(lines.join(""))) continue;
    response.once("drain", () => write(response, first + perPiece));
    return;
  }
  response.end();
}

it(`${records} records are each given once, in memory that does not grow with them`, async () => {
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "application/x-ndjson" });
    write(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const runtime = createRuntime({ network: { allow: [host] } });
  const connection = runtime.connect(await irOf(operation("endpoint: /x\nresponse: { type: jsonl }")), {
    config: { base_url: `http://${host}` },
  });
  let next = 0;
  let before = 0;
  let most = 0;
  for await (const { id } of connection.records<{ id: number }>("op")) {
    if (id !== next++) throw new Error(`record ${id} came in the place of ${next - 1}`);
    if (next % 10_000 !== 0) continue;
    const { rss } = process.memoryUsage();
    // The first tenth fills the heap's young half and compiles what runs.
    if (next <= records / 10) before = Math.max(before, rss);
    else most = Math.max(most, rss);
  }
  expect(next).toBe(records);
  expect((most - before) / 2 ** 20).toBeLessThan(50);
  await runtime.close();
  await new Promise((resolve) => server.close(resolve));
});
