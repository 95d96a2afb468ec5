import { createHash, timingSafeEqual } from "node:crypto";
import { type AuthInfo, OAuthError, OAuthErrorCode } from "@modelcontextprotocol/server";
import type { Clock } from "../ports.ts";
import { tenantKey } from "./caller.ts";
import { misconfigured } from "./tool-set.ts";

/** Judges the token of a request; throws an `OAuthError` of the SDK (`invalid_token`) where it is none. */
export type VerifyToken = (token: string) => Promise<AuthInfo>;

const leastCharacters = 16;

/** Takes the one token that both sides were given. Its callers are all one tenant. */
export function fixedToken(expected: string, clock: Pick<Clock, "wall">): VerifyToken {
  if (expected.length < leastCharacters)
    throw misconfigured(
      `The token that clients must show has ${expected.length} characters; take at least ${leastCharacters} random ones.`,
    );
  const digest = digestOf(expected);
  return async (token) => {
    // Equal lengths, in constant time: nothing is learned from how long a refusal takes.
    if (!timingSafeEqual(digestOf(token), digest))
      throw new OAuthError(
        OAuthErrorCode.InvalidToken,
        "This token is not the one that the server was given.",
      );
    return {
      token,
      clientId: "token",
      scopes: [],
      expiresAt: Math.floor(clock.wall() / 1000) + 3600,
      extra: { [tenantKey]: "default" },
    };
  };
}

function digestOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
