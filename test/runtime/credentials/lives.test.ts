import { afterEach, describe, expect, test } from "vitest";
import { json } from "../../../runtime/testing/index.ts";
import { authKinds, descriptorOf } from "../../support/auth-kinds.ts";
import { type Line, line } from "../../support/line.ts";

let open: Line[] = [];
afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  open = [];
});

/** How often the token is fetched by the times (in seconds) 1, 200, 301, 3,601 and a year. */
type Calls = readonly [number, number, number, number, number];
const never: Calls = [1, 1, 1, 1, 1];

const lives: readonly (readonly [life: string, answer: object, calls: Calls])[] = [
  ["no life", {}, never],
  ["null", { expires_in: null }, never],
  ["nothing", { expires_in: 0 }, never],
  ["less than nothing", { expires_in: -1 }, never],
  ["more than any calendar holds", { expires_in: 1e99 }, never],
  ["more than that, in text", { expires_in: "1e99" }, never],
  ["what is no number", { expires_in: "soon" }, never],
  ["an hour in text", { expires_in: "3600" }, [1, 1, 1, 2, 3]],
  ["five minutes", { expires_in: 300 }, [1, 1, 2, 3, 4]],
  ["a fraction of a second", { expires_in: 0.5 }, [2, 3, 4, 5, 6]],
];

describe.each(["a client in the body", "a refresh token", "a chain by JSON"])("%s", (name) => {
  test.each(lives)("that is said to live for %s", async (_, answer, calls) => {
    const kind = authKinds[name];
    if (!kind) throw new Error("no such kind");
    const made = await line(
      descriptorOf(kind),
      {
        "POST /token": (_request, { count }) =>
          json({ access_token: `a${count}`, refresh_token: `r${count}`, ...answer }),
        "GET /x": json(1),
      },
      { connect: { credentials: kind.credentials("s3cret-s3cret") } },
    );
    open.push(made);
    await made.connection.call("op");
    const seen: number[] = [];
    let now = 0;
    for (const second of [1, 200, 301, 3_601, 31_536_000]) {
      made.clock.jump((second - now) * 1000);
      now = second;
      expect(await made.connection.call("op")).toMatchObject({ data: 1, attempts: 1 });
      seen.push(made.server.times("/token"));
    }
    expect(seen).toEqual(calls);
    if (kind.profile.includes("authorization_code")) {
      const grant = await made.connection.grant();
      const ends = calls !== never;
      expect(grant?.expiresAt === undefined).toBe(!ends);
      expect(() => grant?.expiresAt?.toISOString()).not.toThrow();
    }
  });
});
