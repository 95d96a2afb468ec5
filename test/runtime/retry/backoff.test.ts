import { afterEach, expect, it } from "vitest";
import { backoffMs } from "../../../runtime/retry/backoff.ts";
import { json, sequence, status } from "../../../runtime/testing/index.ts";
import { type Line, line, operation } from "../../support/line.ts";

let made: Line | undefined;
afterEach(() => made?.close());

const rule = { initial_ms: 100, max_ms: 1_000 };
const at = (share: number) => ({ next: () => share, bytes: () => new Uint8Array(), uuid: () => "" });

it("is any wait below a ceiling that doubles with each attempt, up to the longest", () => {
  const waits = (share: number) => [1, 2, 3, 4, 5, 2_000].map((tries) => backoffMs(rule, tries, at(share)));
  expect(waits(1)).toEqual([100, 200, 400, 800, 1_000, 1_000]);
  expect(waits(0.5)).toEqual([50, 100, 200, 400, 500, 500]);
  expect(waits(0)).toEqual([0, 0, 0, 0, 0, 0]);
});

it("costs nothing of the retry budget where no retry is made, since the deadline comes first", async () => {
  made = await line(operation("endpoint: /x\ntimeout_ms: 1000"), {
    "* /x": sequence(status(503, {}, { "retry-after": "5" }), json(1)),
  });
  expect(await made.connection.attempt("op")).toMatchObject({
    error: { code: "upstream_error", attempts: 1 },
  });
  expect((await made.runtime.inspect()).retries).toEqual([]);
});
