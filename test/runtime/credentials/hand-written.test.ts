/** Providers as an author describes them: what arrives is what `hand-written-requests.txt` says, byte for byte. */
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import type { TLSSocket } from "node:tls";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { createRuntime } from "../../../runtime/index.ts";
import { createCertificate } from "../../../runtime/testing/index.ts";
import { descriptorText, readProviders, requestsOf } from "../../support/hand-written/run.ts";
import { irOf } from "../../support/line.ts";
import { type Bench, openBench } from "../../support/nango/run.ts";

/** Requests as text, by slug. Each was read against what the provider documents; read it again before you change it. */
const written = new Map(
  readFileSync(new URL("hand-written-requests.txt", import.meta.url), "utf8")
    .split(/^# /m)
    .slice(1)
    .map((block) => {
      const end = block.indexOf("\n");
      return [block.slice(0, end), block.slice(end).trim()] as const;
    }),
);

describe("a descriptor of", () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench();
  });
  afterEach(() => bench.close());

  test.each(readProviders().map((provider) => [provider.slug, provider] as const))(
    "%s sends these bytes",
    async (slug, provider) => {
      expect(await requestsOf(bench, provider)).toBe(written.get(slug));
    },
  );
});

test("a client certificate is shown to the token endpoint and to the API", async () => {
  const served = createCertificate();
  const shown = createCertificate({ hosts: ["ann"] });
  const peers: string[] = [];
  const server = createServer(
    { cert: served.cert, key: served.key, requestCert: true, rejectUnauthorized: false },
    (request, response) => {
      const socket = request.socket as TLSSocket;
      peers.push(`${request.url} ${String(socket.getPeerCertificate().subjectaltname)}`);
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ access_token: "tok", expires_in: 3600 }));
    },
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const host = `127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  const adp = readProviders().find(({ slug }) => slug === "adp");
  const text = descriptorText(adp ?? { slug: "adp", authentication: [] });
  const ir = await irOf(text.replace(/https:\/\/[a-z]+\.adp\.com/g, `https://${host}`));
  const runtime = createRuntime({ network: { allow: [host], ca: served.cert } });
  onTestFinished(() => runtime.close());
  const credentials = {
    client_id: "id",
    client_secret: "secret",
    certificate: shown.cert,
    certificate_key: shown.key,
  };
  await runtime.connect(ir, { credentials }).call("probe");
  expect(peers).toEqual(["/auth/oauth/v2/token DNS:ann", "/probe DNS:ann"]);
});
