/** Clients over the runtime read and send streams. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emitTypeScript } from "../../../../compiler/emit/typescript/index.ts";
import { emitStandalone } from "../../../../compiler/emit/typescript/standalone/index.ts";
import { compile } from "../../../../compiler/index.ts";
import type { Connector } from "../../../../schema/ir.ts";
import { loadClient } from "../support/load-client.ts";
import { fileOf, typeErrors } from "../support/type-check.ts";

const descriptor = `
metadata: { name: Files, slug: files, description: A connector to try streams with., publisher: Example }
connection_config: [{ key: base_url, label: Address }]
base_url: "{base_url}"
authentication: [{ type: bearer }]
operations:
  - operation_id: export_tickets
    endpoint: /tickets
    summary: Export tickets
    auth_type_ref: bearer
    response: { type: jsonl }
    response_schema: { type: array, items: { type: object, required: [id], properties: { id: { type: integer } } } }
  - operation_id: read_log
    endpoint: /log
    summary: Read the log
    auth_type_ref: bearer
    response: { type: text }
  - operation_id: read_log_stream
    endpoint: /log
    summary: An operation that has the name already
    auth_type_ref: bearer
  - operation_id: put_file
    endpoint: /files/{id}
    method: PUT
    summary: Store a file
    auth_type_ref: bearer
    content_type: octet-stream
    parameters:
      - { name: id, location: path, required: true }
      - { name: content, location: body, field_type: file, required: true }
    body: "{content}"
`;

interface Client {
  exportTicketsStream(params?: object): Promise<AsyncIterable<{ readonly id: number }>>;
  readLogStream_(params: undefined, options: object): Promise<AsyncIterable<string>>;
  putFile(params: object): Promise<unknown>;
  close(): Promise<void>;
}

let ir: Connector;
let server: Server;
let client: Client;
/** Ends the answer of `/tickets`. */
let finish: () => void = () => {};

beforeAll(async () => {
  server = createServer(async (request, response) => {
    if (request.url === "/tickets") {
      response.writeHead(200, { "content-type": "application/jsonl" }).write('{"id":1}\n');
      finish = () => response.end('{"id":2}\n');
    } else if (request.url === "/log") response.end("one\ntwo");
    else {
      let size = 0;
      for await (const chunk of request) size += (chunk as Uint8Array).length;
      const { "content-length": length = null, "transfer-encoding": coding = null } = request.headers;
      response.setHeader("content-type", "application/json").end(JSON.stringify({ size, length, coding }));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const compiled = await compile(descriptor);
  if (!compiled.ir) throw new Error(compiled.diagnostics.map(({ message }) => message).join("\n"));
  ir = compiled.ir;
  // The generated module's own types are checked below.
  const { createFiles } = (await loadClient(await emitTypeScript(ir))) as unknown as {
    createFiles(options: object, runtimeOptions: object): Client;
  };
  client = createFiles(
    { profile: "bearer", credentials: { token: "example-token" }, config: { base_url: origin } },
    { network: { allow: ["127.0.0.1"] } },
  );
});

afterAll(async () => {
  await client.close();
  await new Promise((resolve) => server.close(resolve));
});

describe("a streamed answer", () => {
  it("gives its records while it comes", async () => {
    const ids: number[] = [];
    for await (const { id } of await client.exportTicketsStream()) {
      ids.push(id);
      // The answer goes on only when its first record is here.
      if (id === 1) finish();
    }
    expect(ids).toEqual([1, 2]);
  });

  it("gives text, by a method that leaves an operation its name", async () => {
    let text = "";
    for await (const part of await client.readLogStream_(undefined, { idleTimeoutMs: 5_000 })) text += part;
    expect(text).toBe("one\ntwo");
  });
});

describe("a streamed file", () => {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    yield new Uint8Array(1000);
    yield new Uint8Array(500);
  }

  it("goes out as it is read, with its length where that is known", async () => {
    expect(await client.putFile({ id: "a", content: pieces() })).toEqual({
      size: 1500,
      length: null,
      coding: "chunked",
    });
    expect(await client.putFile({ id: "a", content: { data: pieces(), length: 1500 } })).toEqual({
      size: 1500,
      length: "1500",
      coding: null,
    });
  });
});

describe("the types of streams", () => {
  it("compile, and say what a piece is", async () => {
    const caller = `import type { Files } from "CLIENT";
export async function run(files: Files, stream: ReadableStream<Uint8Array>): Promise<string> {
  for await (const ticket of await files.exportTicketsStream({}, { maxBytes: 5 })) ticket.id.toFixed();
  await files.putFile({ id: "a", content: stream });
  await files.putFile({ id: "a", content: { data: stream, length: 5 } });
  let text = "";
  for await (const part of await files.readLogStream_()) text += part.trim();
  return text;
}`;
    expect(typeErrors(await emitTypeScript(ir), caller)).toEqual([]);
    expect(typeErrors(await emitTypeScript(ir), caller.replace("ticket.id", "ticket.name"))).toEqual([
      expect.stringMatching(/'name' does not exist/),
    ]);
  });

  it("are none of a standalone client's", async () => {
    const files = await emitStandalone(ir);
    expect(fileOf(files, "index.ts")).not.toMatch(/exportTicketsStream|AnswerStream/);
    expect(fileOf(files, "types.ts")).not.toMatch(/AnswerStream|ByteStream|StreamOptions/);
  });
});
