/** Sends by the platform's `fetch`, which has its own pool of connections, and gathers the answer. */
import { type Answer, decode } from "./answer.ts";
import { decodeText } from "./charset.ts";
import { type ConnectorError, failure } from "./errors.ts";
import type { World } from "./world.ts";

export interface Wire {
  readonly method: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string | Uint8Array | undefined;
}

/** No answer, or one that is no success. */
export interface Fault {
  readonly error: ConnectorError;
  /** Another attempt may mend it. */
  readonly passing: boolean;
  /** Nothing can have arrived, or the request had no effect. */
  readonly unsent: boolean;
  /** How long the server asks to wait, in milliseconds. */
  readonly waitMs?: number | undefined;
  /** The credential is refused. */
  readonly refused?: boolean;
}

/** `signal` ends it; what goes wrong otherwise is a value. */
export async function send(
  { fetch, maxBytes }: World,
  url: string,
  { method, headers, body }: Wire,
  signal: AbortSignal,
): Promise<Answer | Fault> {
  let status: number | undefined;
  try {
    const response = await fetch(url, {
      method,
      headers: [...headers],
      body: (body as string | Uint8Array<ArrayBuffer> | undefined) ?? null,
      // Redirects are judged by the executor, and no cookie of a browser goes along.
      redirect: "manual",
      credentials: "omit",
      referrerPolicy: "no-referrer",
      signal,
    });
    status = response.status;
    // A browser shows nothing of a redirect that it does not follow.
    if (response.type === "opaqueredirect")
      return faultAt(
        url,
        "protocol",
        "the server redirects, and a browser does not say where to. Check the URL.",
      );
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    let size = 0;
    const reader = response.body?.getReader();
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
      size += part.value.length;
      if (size > maxBytes) {
        reader?.cancel().catch(() => {});
        const message = `the answer is larger than ${maxBytes} bytes. Ask for less at a time, or raise \`maxResponseBytes\`.`;
        return faultAt(url, "too_large", message, { code: "response_too_large", status });
      }
      chunks.push(part.value);
    }
    return answerOf(url, response, new Uint8Array(await new Blob(chunks).arrayBuffer()));
  } catch (thrown) {
    return faultOf(thrown, url, status);
  }
}

function answerOf(url: string, { status, headers }: Response, bytes: Uint8Array): Answer {
  let json: { readonly value: unknown } | undefined;
  const answer: Answer = {
    status,
    url,
    bytes,
    open: !headers.has("content-length") && !headers.has("transfer-encoding"),
    headers: {
      get: (name) => headers.get(name) ?? undefined,
      get setCookie() {
        return headers.getSetCookie();
      },
      entries: () => headers.entries(),
    },
    json: () => {
      json ??= { value: quietly(() => decode("json", answer)) };
      return json.value;
    },
    text: () => quietly(() => decodeText(bytes, answer.headers.get("content-type"))) ?? "",
  };
  return answer;
}

function quietly<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Codes for a request of which nothing went. Browsers give none, and then it may have gone. */
const unsent: Readonly<Record<string, string>> = {
  ECONNREFUSED: "refused",
  ConnectionRefused: "refused",
  ENOTFOUND: "dns",
  EAI_AGAIN: "dns",
  UND_ERR_CONNECT_TIMEOUT: "timeout",
};

function faultOf(thrown: unknown, url: string, status: number | undefined): Fault {
  const { code: own, cause } = Object(thrown) as { code?: unknown; cause?: { code?: unknown } };
  // Node and Bun say why in a code, Node one level down. Messages may quote headers: only a code is shown.
  const code = String(cause?.code ?? own ?? "");
  const shown = /^\w+$/.test(code) ? ` (${code})` : "";
  if (status !== undefined)
    return /^(?:ERR_CONTENT_DECODING_FAILED|Z_DATA_ERROR)$/.test(code)
      ? faultAt(url, "decode", "the answer's content-encoding is broken.", {
          code: "response_invalid",
          status,
        })
      : cutShort(url, status);
  const reason = unsent[code];
  return reason === undefined
    ? faultAt(url, "reset", `the request failed${shown}. Try again.`, { passing: true })
    : faultAt(url, reason, `no connection${shown}. Check the URL, and that the server runs.`, {
        passing: true,
        unsent: true,
      });
}

/** An answer of which the end is missing. */
export function cutShort(url: string, status: number): Fault {
  return faultAt(url, "truncated", "the answer ended midway. Try again.", { passing: true, status });
}

function faultAt(
  url: string,
  reason: string,
  message: string,
  {
    code = "network_error",
    unsent = false,
    passing = false,
    status,
  }: { code?: string; unsent?: boolean; passing?: boolean; status?: number } = {},
): Fault {
  const error = failure(code, `${new URL(url).origin}: ${message}`, {
    phase: "request",
    retryable: passing,
    details: { reason, sent: !unsent },
    status,
  });
  return { error, passing, unsent };
}
