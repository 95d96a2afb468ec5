import { expect, it } from "vitest";
import { connectFailure, exchangeFailure } from "../../../runtime/transport/failure.ts";

const system = (code: string, syscall: string): Error => Object.assign(new Error(code), { code, syscall });

it.each([
  ["ETIMEDOUT", "timeout", /no answer in time/],
  ["ECONNREFUSED", "refused", /nothing listens there/],
  ["ECONNRESET", "reset", /was reset/],
  ["EMFILE", "refused", /no free file descriptor/],
  ["ENFILE", "refused", /no free file descriptor/],
  ["EHOSTUNREACH", "refused", /the network does not lead there/],
])("%s of a connection that is not made is told as %s", (code, kind, message) => {
  const failure = connectFailure(system(code, "connect"), "h:1");
  expect(failure).toMatchObject({ kind, message: expect.stringMatching(message) });
});

it("the first address that failed speaks for all", () => {
  const all = new AggregateError([system("ECONNREFUSED", "connect"), system("ETIMEDOUT", "connect")]);
  expect(connectFailure(all, "h:1").kind).toBe("refused");
});

it.each([
  ["ETIMEDOUT", "timeout"],
  ["ECONNRESET", "reset"],
  ["EPIPE", "reset"],
])("%s of a connection that has served is told as %s", (code, kind) => {
  const told = (headSeen: boolean) => exchangeFailure(system(code, "read"), { origin: "http://h", headSeen });
  expect([told(false).kind, told(true).kind]).toEqual([kind, kind]);
});
