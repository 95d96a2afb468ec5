import { expect, it, onTestFinished } from "vitest";
import { startServer } from "../../runtime/testing/index.ts";
import { descriptor, type Line, line } from "../support/line.ts";

const yaml = descriptor(
  `operations: [{ operation_id: op, summary: One, endpoint: /x, auth_type_ref: none, retry: { max_attempts: 1 } }]
rate_limits: [{ scope: per_connection, limit: 1, interval_seconds: 60 }]`,
);

it("a call that could not connect gives its token back: the next starts at once", async () => {
  const gone = await startServer({});
  await gone.close();
  const made: Line = await line(yaml, {}, { connect: { config: { base_url: gone.origin } } });
  onTestFinished(() => made.close());
  // One start a minute, and a clock that stands still.
  for (let n = 0; n < 3; n++)
    expect(await made.connection.attempt("op")).toMatchObject({ error: { code: "network_error" } });
  const { limits } = await made.runtime.inspect();
  expect(limits.filter(({ used, running }) => used > 0 || running > 0)).toEqual([]);
});
