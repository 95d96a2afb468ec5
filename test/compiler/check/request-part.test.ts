/** Parts of the request have a value once it is written: in headers and placements, and nowhere else. */
import { describe, expect, test } from "vitest";
import { chained, findings, listing } from "./listing.ts";

const told = async (text: string): Promise<readonly string[]> =>
  (await findings(text)).flatMap(({ rule, at }) => (rule === "template/request-part" ? [at] : []));

describe("a part of the request", () => {
  test.each([
    'endpoint: /x\nheaders: { Content-MD5: "{base64(md5({request.body}))}" }',
    'endpoint: /x\nauth_headers: { X-Sum: "{hex(hmac_sha256({api_key}, {request.path}))}" }',
    'endpoint: /x\nauth_query: { sum: "{hex(hmac_sha256({api_key}, {request.query}))}" }',
  ])("has a value in %s", async (operation) => {
    expect(await told(listing(operation))).toEqual([]);
  });

  test.each([
    ['endpoint: /x\nquery: { sum: "{hex(sha256({request.path}))}" }', "{request.path}"],
    ['endpoint: "/x/{request.method}"', "{request.method}"],
    ['endpoint: /x\nmethod: POST\nbody: { sum: "{request.query}" }', "{request.query}"],
  ])("has none in %s", async (operation, at) => {
    expect(await told(listing(operation))).toEqual([at]);
  });

  test("has one in the headers of a step, and none in its body", async () => {
    const step = (more: string): string =>
      chained(`- step_name: login
  endpoint: https://api.desk.example.com/login
  ${more}
  extract: { token: "$.token" }`);
    const sum = '"{hex(hmac_sha256({password}, {username}{request.path}))}"';
    expect(await told(step(`headers: { X-Sum: ${sum} }`))).toEqual([]);
    expect(await told(step(`body: { sum: ${sum} }`))).toEqual(["{request.path}"]);
  });

  test("is told once in a host, where no part of a request may stand at all", async () => {
    const all = await findings(listing('endpoint: "https://{request.host}.desk.example.com/x"'));
    expect(all.filter(({ severity }) => severity === "error")).toHaveLength(1);
  });
});
