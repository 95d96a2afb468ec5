import type { IncomingMessage } from "node:http";
import type { ReceivedRequest } from "./server-types.ts";

/** A request in the log from the moment its head is there; its body follows. */
export interface IncomingRequest extends ReceivedRequest {
  /** Settles with the body: false where the client broke off. */
  readonly received: Promise<boolean>;
}

/** Reads a request of Node's server into the log's form. */
export function createReceivedRequest(
  incoming: IncomingMessage,
  facts: { readonly number: number; readonly connection: number; readonly at: number },
): IncomingRequest {
  const target = incoming.url ?? "/";
  const [path = "/"] = target.split("?", 1);
  let body: Buffer = Buffer.alloc(0);
  const received = readBody(incoming).then((bytes) => {
    if (bytes !== undefined) body = bytes;
    return bytes !== undefined;
  });
  return {
    ...facts,
    received,
    method: incoming.method ?? "GET",
    path,
    target,
    query: new URLSearchParams(target.slice(path.length)),
    headers: headersOf(incoming),
    rawHeaders: pairsOf(incoming.rawHeaders),
    get body() {
      return body;
    },
    get text() {
      return body.toString("utf8");
    },
    get json() {
      return parseJson(body.toString("utf8"));
    },
    get form() {
      return new URLSearchParams(body.toString("utf8"));
    },
  };
}

async function readBody(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
    return incoming.complete ? Buffer.concat(chunks) : undefined;
  } catch {
    return undefined;
  }
}

function headersOf(incoming: IncomingMessage): { [name: string]: string } {
  const entries = Object.entries(incoming.headersDistinct);
  return Object.fromEntries(entries.map(([name, values]) => [name, (values ?? []).join(", ")]));
}

function pairsOf(raw: readonly string[]): (readonly [string, string])[] {
  const pairs: (readonly [string, string])[] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) pairs.push([raw[at] ?? "", raw[at + 1] ?? ""]);
  return pairs;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
