/** What the Google Drive connector makes of service accounts, of quotas that come as 403, and of bytes. */
import { createVerify, generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { bytes, json, type ReceivedRequest, sequence, status } from "../../runtime/testing/index.ts";
import { bytesOf, createStage } from "./stage.ts";

const { start, run } = createStage();

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const keyFile = {
  type: "service_account",
  client_email: "reader@acme.iam.gserviceaccount.com",
  private_key_id: "key-1",
  private_key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  // A key file does not choose where its assertions go.
  token_uri: "https://evil.example/token",
};
const failure = (code: number, reason: string, message = "It is so.") =>
  status(code, { error: { code, message, errors: [{ domain: "usageLimits", reason, message }] } });

/** The claims of the assertion in a token request, once its signature has been checked. */
function claimsOf(request: ReceivedRequest | undefined): unknown {
  const [head = "", claims = "", signature = ""] = request?.form.get("assertion")?.split(".") ?? [];
  expect(JSON.parse(Buffer.from(head, "base64url").toString())).toMatchObject({ alg: "RS256", kid: "key-1" });
  const verifier = createVerify("RSA-SHA256").update(`${head}.${claims}`);
  expect(verifier.verify(publicKey, signature, "base64url")).toBe(true);
  return JSON.parse(Buffer.from(claims, "base64url").toString());
}

describe("google-drive", () => {
  it.each([{ subject: "ada@acme.example" }, {}])("asks for a token in the name of %j", async (delegated) => {
    const { connection, server } = await start(
      "google-drive",
      {
        "POST /token": json({ access_token: "token-1", expires_in: 3599, token_type: "Bearer" }),
        "GET /drive/v3/files/:id": json({ id: "1Bxi" }),
      },
      { credentials: { service_account_json: keyFile, ...delegated } },
    );
    await connection.call("get_file", { file_id: "1Bxi" });
    await connection.call("get_file", { file_id: "1Bxi" });
    expect(server.times("POST /token")).toBe(1);
    expect(server.requests[0]?.form.get("grant_type")).toBe("urn:ietf:params:oauth:grant-type:jwt-bearer");
    const { subject: sub } = { subject: undefined, ...delegated };
    expect(claimsOf(server.requests[0])).toEqual({
      iss: keyFile.client_email,
      ...(sub === undefined ? {} : { sub }),
      scope: "https://www.googleapis.com/auth/drive",
      aud: "https://oauth2.googleapis.com/token",
      iat: 1_767_225_600,
      exp: 1_767_225_600 + 3600,
    });
    expect(server.requests[1]?.headers.authorization).toBe("Bearer token-1");
  });

  it("says what Google says of an assertion that it refuses", async () => {
    const { connection } = await start(
      "google-drive",
      {
        "POST /token": status(
          400,
          { error: "invalid_grant", error_description: "Invalid email or User ID" },
          { date: "Thu, 01 Jan 2026 00:00:00 GMT" },
        ),
      },
      { credentials: { service_account_json: keyFile, subject: "nobody@acme.example" } },
    );
    await expect(connection.call("get_about")).rejects.toMatchObject({
      message: expect.stringContaining("Invalid email or User ID"),
    });
  });

  it("waits out a quota of a minute that is answered with 403, for a write as well", async () => {
    const { connection, server } = await start("google-drive", {
      "POST /drive/v3/files": sequence(failure(403, "userRateLimitExceeded"), json({ id: "1New" })),
    });
    expect(await run(connection.call("create_file", { name: "Reports" }))).toMatchObject({
      attempts: 2,
      data: { id: "1New" },
    });
    expect(server.requests).toHaveLength(2);
  });

  it.each([
    [403, "insufficientFilePermissions", "permission_denied"],
    [403, "dailyLimitExceeded", "rate_limited"],
    [403, "storageQuotaExceeded", "storage_full"],
    [404, "notFound", "not_found"],
  ])("tells a %i %s as %s, at once", async (code, reason, expected) => {
    const { connection, server } = await start("google-drive", {
      "POST /drive/v3/files": failure(code, reason, "No more of this."),
    });
    await expect(connection.call("create_file", { name: "Reports" })).rejects.toMatchObject({
      code: expected,
      message: expect.stringContaining("No more of this"),
    });
    expect(server.requests).toHaveLength(1);
  });

  it("brings bytes back as they are, and takes them as they are", async () => {
    const content = Uint8Array.from({ length: 256 }, (_, index) => index);
    const { connection, server } = await start("google-drive", {
      "GET /drive/v3/files/:id": bytes(content, { headers: { "content-type": "image/png" } }),
      "PATCH /upload/drive/v3/files/:id": json({ id: "1Bxi" }),
    });
    const { data } = await connection.call("download_file", { file_id: "1Bxi" });
    expect(bytesOf(data)).toEqual([...content]);
    await connection.call("update_file_content", { file_id: "1Bxi", content, file_fields: "id" });
    expect(server.requests[1]?.target).toBe(
      "/upload/drive/v3/files/1Bxi?uploadType=media&fields=id&supportsAllDrives=true",
    );
    expect(new Uint8Array(server.requests[1]?.body ?? [])).toEqual(content);
    expect(server.requests[1]?.headers["content-type"]).toBe("application/octet-stream");
  });

  it.each(["../../oauth2/v1/certs", "..", ".", ""])("lets no file id %j lead elsewhere", async (file_id) => {
    const { connection, server } = await start("google-drive", { "* /*": json({}) });
    await connection.call("get_file", { file_id }).catch(() => undefined);
    expect(server.requests.filter(({ path }) => !/^\/drive\/v3\/files\/[^/]+$/.test(path))).toEqual([]);
  });
});
