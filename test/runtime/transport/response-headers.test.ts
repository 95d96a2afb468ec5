import { expect, it } from "vitest";
import { createResponseHeaders } from "../../../runtime/transport/response-headers.ts";

/** Name and value by turns, as pieces of one read of so many bytes. */
function rawOf(lines: readonly string[], bytes = 4_096): Uint8Array[] {
  const read = new Uint8Array(bytes);
  let at = 0;
  return lines.map((line) => {
    const part = Buffer.from(line, "latin1");
    read.set(part, at);
    at += part.length;
    return read.subarray(at - part.length, at);
  });
}

it("finds a header by its name, in whatever case the server wrote it, and joins those that came twice", () => {
  const headers = createResponseHeaders(
    rawOf(["X-A", "1", "Set-Cookie", "a=1", "x-a", "2", "set-cookie", "b=2, c", "X-B", "\xe9"]),
  );
  expect(["x-a", "x-b", "x-c", "x", "constructor"].map((name) => headers.get(name))).toEqual([
    "1, 2",
    "\u00e9",
    undefined,
    undefined,
    undefined,
  ]);
  expect(headers.setCookie).toEqual(["a=1", "b=2, c"]);
  expect([...headers.entries()]).toEqual([
    ["x-a", "1, 2"],
    ["set-cookie", "a=1"],
    ["set-cookie", "b=2, c"],
    ["x-b", "\u00e9"],
  ]);
});

it("takes no beginning of a name for it, and no value for a name", () => {
  const headers = createResponseHeaders(rawOf(["x-a", "1", "x-ab", "set-cookie", "x-c", "x-a"]));
  expect(["x-a", "x-ab", "x-abc", "set-cookie"].map((name) => headers.get(name))).toEqual([
    "1",
    "set-cookie",
    undefined,
    undefined,
  ]);
  expect(headers.setCookie).toEqual([]);
});

it("does not keep the bytes of a large read alive", () => {
  const raw = rawOf(["x-a", "1"], 64 * 1024);
  const headers = createResponseHeaders(raw);
  for (const part of raw) part.fill(0x21);
  expect(headers.get("x-a")).toBe("1");
});
