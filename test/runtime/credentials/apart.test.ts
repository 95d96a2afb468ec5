import { afterEach, describe, expect, test } from "vitest";
import { authKinds, descriptorOf, givenRoutes, keyKinds } from "../../support/auth-kinds.ts";
import { rsaKeys } from "../../support/jwt.ts";
import { type Line, line } from "../../support/line.ts";

let made: Line | undefined;
afterEach(async () => {
  await made?.close();
  made = undefined;
});

const fetching = [
  ...Object.entries(authKinds)
    .filter(([, { at }]) => at === "/token")
    .map(([name, kind]) => [name, kind, "one-secret", "two-secret"] as const),
  ...Object.entries(keyKinds)
    .filter(([, { at }]) => at === "/token")
    .map(([name, kind]) => [name, kind, kind.key, rsaKeys().pem] as const),
];

describe.each(fetching)("the token of %s", (_, kind, one, two) => {
  test("serves equal connections, and nobody with another secret or of another tenant", async () => {
    made = await line(descriptorOf(kind), givenRoutes, { connect: { credentials: kind.credentials(one) } });
    const { runtime, ir, server } = made;
    const calls = async (secret: string, tenant = "default"): Promise<number> => {
      const before = server.requests.length;
      const connection = runtime.connect(ir, {
        credentials: kind.credentials(secret),
        config: { base_url: server.origin },
        identity: { tenant },
      });
      await connection.call("op");
      return server.requests.slice(before).filter(({ path }) => path.startsWith("/token")).length;
    };
    expect(await calls(one)).toBe(1);
    expect(await calls(one)).toBe(0);
    expect(await calls(two)).toBe(1);
    expect(await calls(one, "another")).toBe(1);
    expect(await calls(one)).toBe(0);
  });
});
