import { createContext, runInContext } from "node:vm";
import { Worker } from "node:worker_threads";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emitTypeScript } from "../../../../compiler/emit/typescript/index.ts";
import { loadCore } from "../../../../compiler/emit/typescript/standalone/core.ts";
import { emitStandalone } from "../../../../compiler/emit/typescript/standalone/index.ts";
import { coreParts } from "../../../../compiler/emit/typescript/standalone/parts.ts";
import { coreTables } from "../../../../compiler/emit/typescript/standalone/tables.ts";
import { scriptOf } from "../support/client-script.ts";
import { connectorOf, expected, head, main, small, startSmall } from "../support/small-client.ts";
import { fileOf } from "../support/type-check.ts";

let server: Awaited<ReturnType<typeof startSmall>>;
let origin: string;

beforeAll(async () => {
  server = await startSmall();
  origin = server.origin;
});
afterAll(() => server.close());

describe("a standalone client", () => {
  it("reads pages, paces, and scrubs where nothing of Node is to be had", async () => {
    const script = await scriptOf(await emitStandalone(await connectorOf(small)), main(origin));
    // What workers and browsers have; a context of its own has JavaScript alone.
    const {
      fetch,
      setTimeout,
      clearTimeout,
      performance,
      crypto,
      TextEncoder,
      Blob,
      TextDecoder,
      URL,
      URLSearchParams,
    } = globalThis;
    const web = {
      fetch,
      setTimeout,
      clearTimeout,
      performance,
      crypto,
      TextEncoder,
      Blob,
      TextDecoder,
      URL,
      URLSearchParams,
      AbortController,
      btoa,
      atob,
    };
    // Timers of browsers are numbers.
    const context = createContext({
      ...web,
      setTimeout: (run: () => void, ms: number) => Number(setTimeout(run, ms)),
    });
    runInContext(script, context);
    expect(JSON.parse(await runInContext("ran", context))).toEqual(expected);
  });

  it("runs in a worker of Node", async () => {
    const script = await scriptOf(await emitStandalone(await connectorOf(small)), main(origin));
    const worker = new Worker(
      `${script}\nglobalThis.ran.then((text) => require("node:worker_threads").parentPort.postMessage(text));`,
      { eval: true },
    );
    const text = await new Promise<string>((resolve, reject) =>
      worker.once("message", resolve).once("error", reject),
    );
    expect(JSON.parse(text)).toEqual(expected);
    await worker.terminate();
  });

  it("imports nothing but its own files, evaluates nothing and names no module of Node", async () => {
    for (const { path, text } of await emitStandalone(await connectorOf(small))) {
      if (!path.endsWith(".ts")) continue;
      const imported = [...text.matchAll(/^(?:import|export)\b[^\n;]*\bfrom "([^"]+)";$/gm)].map(
        ([, name]) => name,
      );
      expect(imported.filter((name) => !name?.startsWith("./"))).toEqual([]);
      expect(text).not.toMatch(/\bimport\(|\brequire\(/);
      expect(text).not.toMatch(/\beval\(|new Function|node:|\bBuffer\b|\bprocess\./);
    }
  });

  it("is the same text for the same connector", async () => {
    const ir = await connectorOf(small);
    expect(await emitStandalone(ir)).toEqual(await emitStandalone(ir));
  });

  it("holds of the core what the connector needs, and says what it goes without", async () => {
    const without = fileOf(await emitStandalone(await connectorOf(small)), "core.ts");
    for (const name of ["stepHolder", "signAws", "sha512", "nextCursor", "parseXml"])
      expect(without).not.toMatch(new RegExp(`\\b(?:class|function) ${name}\\b|var ${name} = class`));
    expect(without).toMatch(/\bisCountedOut\b/);
    expect(without).toMatch(/\bcreatePacer\(/);
    expect(without).not.toMatch(/planHas|idempotencyKeyOf|learnClock/);
    const guarded = fileOf(
      await emitStandalone(
        await connectorOf(`${head}
operations:
  - operation_id: add
    method: POST
    endpoint: /things
    summary: Add
    auth_type_ref: bearer
    idempotency: { header: Idempotency-Key }
`),
      ),
      "core.ts",
    );
    expect(guarded).toMatch(/const key = idempotencyKeyOf\(/);
    const { statements } = await loadCore();
    const names = new Set(statements.flatMap(({ declares }) => declares));
    expect(coreParts.flatMap((part) => part.names).filter((name) => !names.has(name))).toEqual([]);
    const tables = statements.filter(({ entries }) => entries).flatMap(({ declares }) => declares);
    expect(coreTables.map(({ name }) => name).filter((name) => !tables.includes(name))).toEqual([]);
  });

  it("judges destinations where one may be no public name, and carries nothing for it elsewhere", async () => {
    const at = (url: string): string =>
      small.replace('base_url: "{base_url}"', `base_url: ${url}`).replace(/connection_config.*\n/, "");
    const files = await emitStandalone(await connectorOf(at(origin)));
    const script = await scriptOf(
      files,
      `import { createSmall } from "./index.js";
const client = createSmall({ profile: "bearer", credentials: { token: "example-token" } });
globalThis.said = client.request({ method: "GET", path: "/gone" }).then(() => "sent", (error) => error.code);`,
    );
    const worker = new Worker(
      `${script}\nglobalThis.said.then((code) => require("node:worker_threads").parentPort.postMessage(code));`,
      { eval: true },
    );
    const said = await new Promise((resolve, reject) =>
      worker.once("message", resolve).once("error", reject),
    );
    await worker.terminate();
    expect(said).toBe("destination_blocked");
    expect(fileOf(files, "core.ts")).toContain("judgeDestination");
    const without = fileOf(await emitStandalone(await connectorOf(at("https://api.example.com"))), "core.ts");
    expect(without).not.toMatch(/judgeDestination|originFault|parseNetworkRules/);
  });

  it("leaves out profiles that need more than fetch, and says so in its README", async () => {
    const ir = await connectorOf(
      small
        .replace(
          "[{ type: bearer }]",
          "[{ type: bearer }, { profile_id: cert, type: bearer, mtls: { certificate: c, key: k }, fields: [{ key: token, label: T, secret: true }, { key: c, label: C, secret: true }, { key: k, label: K, secret: true }] }]",
        )
        .replace("auth_type_ref: bearer", "auth_type_ref: [bearer, cert]"),
    );
    const files = await emitStandalone(ir);
    expect(fileOf(files, "README.md")).toMatch(
      /The profile cert is not in this client: profile cert shows a client certificate/,
    );
    expect(fileOf(files, "types.ts")).not.toContain('"cert"');
    expect(fileOf(await emitTypeScript(ir), "types.ts")).toContain('"cert"');
  });

  it.each([
    ["a GET with a body", 'body: { a: "1" }', /operation read is a GET with a body/],
    [
      "a path that needs an engine",
      'response: { records_path: "$.a[?@.b == 1]" }',
      /needs an engine for the path/,
    ],
    [
      "a pattern over answers",
      "errors: [{ when: { json: { path: $.a, matches: 'x+' } }, action: fail }]",
      /against a pattern/,
    ],
    ["a private key", `headers: { X: "{jwt('RS256', {token}, {token})}" }`, /signs with RS256/],
  ])("is refused for %s, with the reason and the way out", async (_, line, reason) => {
    const text = `${head}
operations:
  - operation_id: read
    endpoint: /read
    summary: Read
    auth_type_ref: bearer
    ${line}
`;
    const ir = await connectorOf(text);
    await expect(emitStandalone(ir)).rejects.toThrow(reason);
    await expect(emitStandalone(ir)).rejects.toThrow(/Build it with --mode runtime/);
  });
});
