import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { Secret } from "../../../runtime/secrets/secret.ts";

describe("a secret", () => {
  it("does not print, inspect or serialise", () => {
    const secret = new Secret("canary");
    expect(
      [
        String(secret),
        `${secret}`,
        JSON.stringify({ secret }),
        inspect(secret),
        inspect({ secret }, { showHidden: true, depth: 9 }),
        Object.keys(secret).join(),
      ].join(),
    ).not.toContain("canary");
    expect(secret.reveal()).toBe("canary");
  });
});
