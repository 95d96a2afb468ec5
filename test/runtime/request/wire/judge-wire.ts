import { expect } from "vitest";
import { type Connection, createRuntime } from "../../../../runtime/index.ts";
import { acceptedCodings } from "../../../../runtime/transport/body-decoder.ts";
import { version } from "../../../../runtime/version.ts";
import { irOf } from "../../../support/line.ts";
import type { Position, Written } from "./position.ts";
import type { RawServer } from "./raw-server.ts";

/** The whole request, byte by byte as Latin-1. */
function requestOf({ line, contentType, head = [], body }: Written, host: string): string {
  const length = body === undefined ? (line.startsWith("POST") ? 0 : undefined) : body.length;
  return [
    `${line} HTTP/1.1`,
    `host: ${host}`,
    "connection: keep-alive",
    `user-agent: connectorc/${version} (test-api)`,
    "accept: application/json",
    ...(contentType === undefined ? [] : [`content-type: ${contentType}`]),
    ...head,
    `accept-encoding: ${acceptedCodings}`,
    ...(length === undefined ? [] : [`content-length: ${length}`]),
    "",
    body ?? "",
  ].join("\r\n");
}

/** Sends each value in its position; what the server's socket got must be what RFCs make of it, or nothing at all. */
export async function judgeWire(
  server: RawServer,
  position: Position,
  values: readonly string[],
): Promise<number> {
  const ir = await irOf(position.yaml);
  const runtime = createRuntime({ network: { allow: [server.host] } });
  const config = { base_url: `http://${server.host}` };
  const connected = (value: string): Connection => {
    const own = position.connect?.(value) ?? {};
    return runtime.connect(ir, { ...own, config: { ...config, ...own.config } });
  };
  const shared = position.connect ? undefined : connected("");
  let sent = 0;
  for (const value of values) {
    const name = JSON.stringify(value);
    server.answer(...(position.answers?.(value) ?? ["{}"]));
    const outcome = await called(() => shared ?? connected(value), position, value);
    const requests = server.take().map((request) => request.toString("latin1"));
    const written = position.written(value);

    const place = position.paged
      ? 1
      : position.answers && position.written("k")?.line.startsWith("GET")
        ? 1
        : 0;
    if (written === undefined) {
      expect(requests.slice(place), name).toEqual([]);
      continue;
    }
    expect(outcome, name).toBe("fine");
    const request = requests[place] ?? "";
    const [, boundary = "none"] =
      /\r\ncontent-type: multipart\/form-data; boundary=(\S+)\r\n/.exec(request) ?? [];
    expect(value, name).not.toContain(boundary);
    const { contentType, body } = written;
    const expected = requestOf(
      {
        ...written,
        ...(contentType === undefined ? {} : { contentType: contentType.replace("BOUNDARY", boundary) }),
        ...(body === undefined ? {} : { body: withBoundary(body, boundary) }),
      },
      server.host,
    );
    expect(request, name).toBe(expected);
    sent++;
  }
  await runtime.close();
  return sent;
}

/** A boundary only stands where the body's own lines begin; the value may hold the word as well. */
function withBoundary(body: string, boundary: string): string {
  return body
    .replace(/^--BOUNDARY/, `--${boundary}`)
    .replace(/\r\n--BOUNDARY--\r\n$/, `\r\n--${boundary}--\r\n`);
}

async function called(connection: () => Connection, position: Position, value: string): Promise<string> {
  try {
    const parameters = position.parameters?.(value) ?? { v: value };
    if (position.paged) for await (const _page of connection().pages("op", parameters));
    else await connection().call("op", parameters, position.options?.(value));
    return "fine";
  } catch (thrown) {
    return String(thrown);
  }
}
