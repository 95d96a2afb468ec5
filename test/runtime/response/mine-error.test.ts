import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ReceivedAnswer } from "../../../runtime/request/received-answer.ts";
import { loadPathEngines } from "../../../runtime/response/jsonpath.ts";
import { mineError } from "../../../runtime/response/mine-error.ts";
import type { ResponseRule } from "../../../schema/ir.ts";
import { type JsonPath, parsePlainPath } from "../../../schema/language/jsonpath.ts";
import { answerOf } from "./headers.ts";

function plain(text: string): JsonPath {
  return { kind: "plain", text, steps: parsePlainPath(text) ?? [] };
}

const rule: ResponseRule = { type: "json", success_status: [], records: plain("$") };
const mine = (body: unknown, more: Partial<ResponseRule> = {}, headers: Record<string, string> = {}) =>
  mineError(answerOf(400, body, headers), { ...rule, ...more });

describe("what a server says of its failure", () => {
  it.each([
    [
      "RFC 9457",
      { type: "https://x.example/out-of-credit", title: "No credit", detail: "Balance is 30", status: 403 },
      { message: "Balance is 30", code: "https://x.example/out-of-credit" },
    ],
    [
      "OAuth",
      { error: "invalid_grant", error_description: "Token is gone" },
      { message: "Token is gone", code: "invalid_grant" },
    ],
    [
      "OAuth without a description",
      { error: "invalid_grant" },
      { message: "invalid_grant", code: "invalid_grant" },
    ],
    [
      "an error object",
      { error: { message: "No such card", code: "card_missing" } },
      { message: "No such card", code: "card_missing" },
    ],
    ["a message", { message: "Not Found", documentation_url: "https://x.example" }, { message: "Not Found" }],
    [
      "a message over a list",
      { message: "Validation Failed", errors: [{ code: "missing", field: "title" }] },
      { message: "Validation Failed", code: "missing" },
    ],
    [
      "a list of errors",
      {
        errors: [
          { code: 88, message: "Rate limit" },
          { code: 1, message: "other" },
        ],
      },
      { message: "Rate limit", code: "88" },
    ],
    ["a root list", [{ message: "m", errorCode: "E" }], { message: "m", code: "E" }],
    ["a list of texts", { errorMessages: ["Issue is gone"], errors: {} }, { message: "Issue is gone" }],
    [
      "errors by field",
      { errorMessages: [], errors: { project: "is required" } },
      { message: "project: is required" },
    ],
    ["errors by field, in lists", { errors: { name: ["is too long"] } }, { message: "name: is too long" }],
    [
      "Google",
      {
        error: {
          code: 403,
          message: "The caller does not have permission",
          status: "PERMISSION_DENIED",
          details: [{ "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "SCOPE" }],
        },
      },
      { message: "The caller does not have permission", code: "PERMISSION_DENIED" },
    ],
    [
      "Google's older APIs",
      {
        error: {
          errors: [{ domain: "global", reason: "required", message: "Login Required" }],
          code: 401,
          message: "Login Required",
        },
      },
      { message: "Login Required", code: "401" },
    ],
    [
      "AWS's JSON",
      { __type: "com.amazon.coral.service#ThrottlingException", message: "Rate exceeded" },
      { message: "Rate exceeded", code: "ThrottlingException" },
    ],
    [
      "GraphQL",
      {
        data: null,
        errors: [{ message: "Must sign in", path: ["me"], extensions: { code: "UNAUTHENTICATED" } }],
      },
      { message: "Must sign in", code: "UNAUTHENTICATED" },
    ],
    [
      "JSON:API",
      {
        errors: [
          {
            status: "422",
            code: "too_short",
            title: "Invalid",
            detail: "Name is too short",
            source: { pointer: "/data" },
          },
        ],
      },
      { message: "Name is too short", code: "too_short" },
    ],
    [
      "Stripe",
      { error: { type: "card_error", code: "card_declined", decline_code: "lost", message: "Declined." } },
      { message: "Declined.", code: "card_declined" },
    ],
    [
      "Salesforce",
      [{ message: "Session expired or invalid", errorCode: "INVALID_SESSION_ID" }],
      { message: "Session expired or invalid", code: "INVALID_SESSION_ID" },
    ],
    [
      "Okta",
      {
        errorCode: "E0000011",
        errorSummary: "Invalid token provided",
        errorLink: "E0000011",
        errorCauses: [],
      },
      { message: "Invalid token provided", code: "E0000011" },
    ],
    [
      "Slack",
      { ok: false, error: "channel_not_found" },
      { message: "channel_not_found", code: "channel_not_found" },
    ],
    [
      "Microsoft Graph",
      { error: { code: "Request_ResourceNotFound", message: "No user", innerError: { "request-id": "1" } } },
      { message: "No user", code: "Request_ResourceNotFound" },
    ],
    [
      "a gateway's fault",
      { fault: { faultstring: "Invalid ApiKey", detail: { errorcode: "oauth.v2.InvalidApiKey" } } },
      { message: "Invalid ApiKey", code: "oauth.v2.InvalidApiKey" },
    ],
    [
      "a list of details, as FastAPI has it",
      { detail: [{ loc: ["query"], msg: "field required", type: "missing" }] },
      { message: "field required", code: "missing" },
    ],
    ["nothing", { ok: false }, {}],
    ["empty texts", { message: " ", error: "" }, {}],
    ["a bare value", "42", {}],
    ["HTML", "<html>Bad gateway</html>", {}],
  ])("%s", (_, body, expected) => expect(mine(body)).toEqual(expected));

  it("is found where the descriptor says, before all else", async () => {
    const body = { message: "common", result: { why: "declared", num: 17 } };
    expect(mine(body, { error_message: plain("$.result.why"), error_code: plain("$.result.num") })).toEqual({
      message: "declared",
      code: "17",
    });
    expect(mine(body, { error_message: plain("$.elsewhere") })).toEqual({ message: "common" });
    const deep: JsonPath = { kind: "rfc9535", text: "$..why" };
    await loadPathEngines([deep]);
    expect(mine(body, { error_message: deep })).toEqual({ message: "declared" });
  });

  it.each([
    [
      "AWS",
      "<ErrorResponse><Error><Type>Sender</Type><Code>InvalidParameter</Code><Message>Bad name</Message></Error><RequestId>1</RequestId></ErrorResponse>",
      { message: "Bad name", code: "InvalidParameter" },
    ],
    [
      "S3",
      "<Error><Code>NoSuchKey</Code><Message>No key</Message><Key>k</Key></Error>",
      { message: "No key", code: "NoSuchKey" },
    ],
    [
      "SOAP 1.1",
      '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><soap:Fault><faultcode>soap:Client</faultcode><faultstring>No such stock</faultstring></soap:Fault></soap:Body></soap:Envelope>',
      { message: "No such stock", code: "soap:Client" },
    ],
  ])("is read from XML: %s", async (_, body, expected) => {
    const answer = answerOf(400, body, { "content-type": "text/xml" });
    if (answer instanceof ReceivedAnswer) await answer.readXmlFailure();
    expect(mineError(answer, rule)).toEqual(expected);
  });

  it("may stand in headers, where the body says nothing", () => {
    const bearer = 'Bearer realm="x", error="invalid_token", error_description="The token expired"';
    expect(mine("", {}, { "www-authenticate": bearer })).toEqual({
      message: "The token expired",
      code: "invalid_token",
    });
    expect(mine({ message: "own" }, {}, { "www-authenticate": bearer })).toEqual({
      message: "own",
      code: "invalid_token",
    });
    expect(mine("", {}, { "x-amzn-errortype": "AccessDeniedException:http://x.example/" })).toEqual({
      code: "AccessDeniedException",
    });
  });

  it("may be plain text, if it is called so", () => {
    expect(mine("Too many requests\n", {}, { "content-type": "text/plain" })).toEqual({
      message: "Too many requests",
    });
    expect(mine("Too many requests")).toEqual({});
  });

  it("is bounded, on one line, and without characters that act", () => {
    expect(mine({ message: "x".repeat(10_000), code: "y".repeat(10_000) })).toEqual({
      message: `${"x".repeat(500)}…`,
      code: `${"y".repeat(100)}…`,
    });
    expect(mine({ message: "a\r\n\tb\u001b[31m\u202ec\u0000\ud800" })).toEqual({
      message: "a b\\u{1b}[31m\\u{202e}c\\u{0}\\u{d800}",
    });
  });

  it("reads only what the body owns", () => {
    expect(mine("{}")).toEqual({});
    expect(mine('{"__proto__":{"message":"x"}}')).toEqual({});
    expect(mine('{"error":{"error":{"error":{"error":{"error":{"message":"too deep"}}}}}}')).toEqual({});
  });

  it("never throws, whatever the body", () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (body) => {
        const { message = "", code = "" } = mine(
          body,
          { error_message: plain("$..*") },
          { "content-type": "text/plain" },
        );
        expect(`${message}${code}`).not.toMatch(/[\u0000-\u001f]/);
      }),
    );
  });
});
