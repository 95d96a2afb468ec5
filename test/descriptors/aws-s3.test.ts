/** What the S3 connector makes of assumed roles, of failures in XML, of bytes, and of a clock that is off. */
import { describe, expect, it } from "vitest";
import type { ConnectOptions } from "../../runtime/index.ts";
import { bytes, type Reply, sequence, text } from "../../runtime/testing/index.ts";
import { recordedConnection } from "./shipped.ts";
import { bytesOf, createStage, gathered } from "./stage.ts";

const { start, run } = createStage();

const xml = (body: string, status = 200, date = "Thu, 01 Jan 2026 00:00:00 GMT"): Reply =>
  text(`<?xml version="1.0" encoding="UTF-8"?>\n${body}`, {
    status,
    headers: { "content-type": "application/xml", date },
  });
const failure = (status: number, code: string, more = "", date?: string): Reply =>
  xml(`<Error><Code>${code}</Code><Message>It is so.</Message>${more}</Error>`, status, date);
const session = (name: string, expiration = "2026-01-01T01:00:00Z"): Reply =>
  xml(
    `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/reader/connectorc</Arn></AssumedRoleUser><Credentials><AccessKeyId>ASIA${name}</AccessKeyId><SecretAccessKey>secret-${name}</SecretAccessKey><SessionToken>token-${name}</SessionToken><Expiration>${expiration}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
  );
const role: ConnectOptions = {
  profile: "role",
  credentials: {
    ...recordedConnection("aws-s3").credentials,
    role_arn: "arn:aws:iam::123456789012:role/reader",
    external_id: "a&b=c",
  },
};
const object = { bucket: "acme-reports", key: "2026/a.csv" };
const versioning = xml('<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"/>');

describe("aws-s3", () => {
  it("assumes a role once, signs with its keys, and assumes it anew before they end", async () => {
    const { connection, server, clock } = await start(
      "aws-s3",
      {
        "POST /": sequence(session("ONE"), session("TWO", "2026-01-01T02:00:00Z")),
        "GET /:bucket": versioning,
      },
      role,
    );
    const call = () => connection.call("get_bucket_versioning", { bucket: "acme-reports" });
    await call();
    await call();
    expect(server.requests.map(({ method }) => method)).toEqual(["POST", "GET", "GET"]);
    const [assume, first] = server.requests;
    expect(assume?.text).toBe(
      "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Freader&RoleSessionName=connectorc&DurationSeconds=3600&ExternalId=a%26b%3Dc",
    );
    // Both signatures were worked out with botocore 1.43.
    expect(assume?.headers.authorization).toBe(
      "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/eu-central-1/sts/aws4_request, SignedHeaders=accept;content-type;host;x-amz-date, Signature=c2242e56242801ba1add419780146c9763589940f8e50acd393f9bbd8409a9a5",
    );
    expect(first?.headers["x-amz-security-token"]).toBe("token-ONE");
    expect(first?.headers.authorization).toBe(
      "AWS4-HMAC-SHA256 Credential=ASIAONE/20260101/eu-central-1/s3/aws4_request, SignedHeaders=accept;host;x-amz-content-sha256;x-amz-date;x-amz-security-token, Signature=31a3f572f3eee542b07ee70c801a20f11609e091128d485d691023183f9172ed",
    );

    clock.jump(3_600_000);
    await call();
    expect(server.times("POST /")).toBe(2);
    expect(server.requests.at(-1)?.headers["x-amz-security-token"]).toBe("token-TWO");
  });

  it("assumes the role anew where its keys have ended early, and repeats the call once", async () => {
    const { connection, server } = await start(
      "aws-s3",
      {
        "POST /": sequence(session("ONE"), session("TWO")),
        "GET /:bucket": ({ headers }) =>
          headers["x-amz-security-token"] === "token-TWO" ? versioning : failure(400, "ExpiredToken"),
      },
      role,
    );
    expect(await connection.call("get_bucket_versioning", { bucket: "acme-reports" })).toMatchObject({
      attempts: 2,
    });
    expect(server.requests).toHaveLength(4);
  });

  it("says what STS says of a role that may not be assumed", async () => {
    const { connection, server } = await start(
      "aws-s3",
      {
        "POST /": xml(
          "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>Not authorized to perform: sts:AssumeRole</Message></Error></ErrorResponse>",
          403,
        ),
      },
      role,
    );
    await expect(connection.call("list_buckets")).rejects.toMatchObject({
      message: expect.stringContaining("Not authorized to perform: sts:AssumeRole"),
    });
    expect(server.requests.every(({ method }) => method === "POST")).toBe(true);
  });

  it("signs by the server's clock where its own is far off", async () => {
    const late = "Thu, 01 Jan 2026 00:30:00 GMT";
    const { connection, server } = await start("aws-s3", {
      "GET /:bucket": ({ headers }) =>
        String(headers["x-amz-date"]).startsWith("20260101T003")
          ? versioning
          : failure(403, "RequestTimeTooSkewed", "", late),
    });
    expect(await connection.call("get_bucket_versioning", { bucket: "acme-reports" })).toMatchObject({
      attempts: 2,
    });
    expect(server.requests.map(({ headers }) => headers["x-amz-date"])).toEqual([
      "20260101T000000Z",
      expect.stringMatching(/^20260101T0030\d\dZ$/),
    ]);
  });

  it.each([
    [404, "NoSuchKey", "not_found"],
    [403, "AccessDenied", "permission_denied"],
    [412, "PreconditionFailed", "precondition_failed"],
    [400, "AuthorizationHeaderMalformed", "wrong_region"],
    [301, "PermanentRedirect", "wrong_region"],
  ])("tells a %i %s as %s, at once", async (status, code, expected) => {
    const { connection, server } = await start("aws-s3", {
      "* /*": failure(status, code, "<Endpoint>acme-reports.s3.eu-west-1.amazonaws.com</Endpoint>"),
    });
    await expect(connection.call("get_object", object)).rejects.toMatchObject({
      code: expected,
      details: { server_code: code },
    });
    expect(server.requests).toHaveLength(1);
  });

  it("asks again, slower, where S3 wants it slower", async () => {
    const { connection, server } = await start("aws-s3", {
      "PUT /acme-reports/*": sequence(failure(503, "SlowDown"), { status: 200 }),
    });
    expect(await run(connection.call("put_object", { ...object, content: "x" }))).toMatchObject({
      attempts: 2,
    });
    expect(server.requests.map(({ text: sent }) => sent)).toEqual(["x", "x"]);
  });

  it("finds the failure of a copy that answers 200", async () => {
    const { connection } = await start("aws-s3", { "PUT /acme-reports/*": failure(200, "InternalError") });
    const copy = connection.call("copy_object", { ...object, source_bucket: "acme-in", source_key: "a.csv" });
    await expect(copy).rejects.toMatchObject({ code: "upstream_error" });
  });

  it("brings bytes back as they are, and a part where a part is asked for", async () => {
    const content = Uint8Array.from({ length: 256 }, (_, index) => index);
    const { connection, server } = await start("aws-s3", {
      "GET /acme-reports/*": ({ headers }) =>
        headers.range === undefined
          ? bytes(content)
          : bytes(content.subarray(0, 2), { status: 206, headers: { "content-range": "bytes 0-1/256" } }),
    });
    const whole = await connection.call("get_object", object);
    const part = await connection.call("get_object", { ...object, range: "bytes=0-1" });
    expect([bytesOf(whole.data), bytesOf(part.data)]).toEqual([[...content], [0, 1]]);
    expect(part.status).toBe(206);
    expect(server.requests[1]?.headers.authorization).toContain("host;range;x-amz-content-sha256");
  });

  it("takes an empty account for no buckets", async () => {
    const { connection } = await start("aws-s3", {
      "GET /": xml("<ListAllMyBucketsResult><Buckets></Buckets></ListAllMyBucketsResult>"),
    });
    expect(await gathered(connection.records("list_buckets"))).toEqual([]);
    expect((await connection.call("list_buckets")).warnings).toEqual([]);
  });

  it("stops at a token that leads in a circle", async () => {
    const { connection } = await start("aws-s3", {
      "GET /:bucket": xml(
        "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>same</NextContinuationToken></ListBucketResult>",
      ),
    });
    await expect(
      gathered(connection.records("list_objects", { bucket: "acme-reports" })),
    ).rejects.toMatchObject({ code: "pagination_loop" });
  });

  it("fails rather than leave out versions", async () => {
    const { connection } = await start("aws-s3", {
      "GET /:bucket": xml("<ListVersionsResult><IsTruncated>true</IsTruncated></ListVersionsResult>"),
    });
    await expect(
      connection.call("list_object_versions", { bucket: "acme-reports", key: "a" }),
    ).rejects.toMatchObject({ code: "truncated" });
  });

  it.each([
    { bucket: "acme-reports", key: "../other-bucket/x" },
    { bucket: "acme-reports", key: "a//b" },
    { bucket: "..", key: "x" },
    { bucket: "acme-reports/../b", key: "x" },
  ])("lets %j reach no other object", async (params) => {
    const { connection, server } = await start("aws-s3", { "* /*": bytes(new Uint8Array()) });
    await expect(connection.call("delete_object", params)).rejects.toMatchObject({
      code: "invalid_parameters",
    });
    expect(server.requests).toHaveLength(0);
  });

  it.each(["eu-central-1.evil.example/", "eu-central-1#", "EU", "a-b-1"])(
    "lets no region %j lead the signature elsewhere",
    async (region) => {
      const requests: unknown[] = [];
      const made = start(
        "aws-s3",
        (request) => {
          requests.push(request);
          return versioning;
        },
        { config: { region } },
      ).then(({ connection }) => connection.call("list_buckets"));
      await expect(made).rejects.toMatchObject({ code: "configuration" });
      expect(requests).toEqual([]);
    },
  );
});
