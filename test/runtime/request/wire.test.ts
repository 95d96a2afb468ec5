import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sampled } from "../../support/sample.ts";
import { hostileValues } from "./wire/hostile-values.ts";
import { judgeWire } from "./wire/judge-wire.ts";
import { otherPositions } from "./wire/other-positions.ts";
import { parameterPositions } from "./wire/parameter-positions.ts";
import { type RawServer, startRawServer } from "./wire/raw-server.ts";

let server: RawServer;
beforeAll(async () => {
  server = await startRawServer();
});
afterAll(() => server.close());

/** What the server's socket got, compared byte by byte with what the RFCs make of the value. */
describe("a hostile value arrives as itself, in a request that is otherwise what it was, or nothing is sent", () => {
  it.each(
    Object.entries({ ...parameterPositions, ...otherPositions }).map(
      ([name, position], turn) => [name, position, turn] as const,
    ),
  )("%s", async (_, position, turn) => {
    const values = sampled(hostileValues, 24, turn);
    expect(await judgeWire(server, position, ["plain7", ...values])).toBeGreaterThan(values.length / 10);
  });
});
