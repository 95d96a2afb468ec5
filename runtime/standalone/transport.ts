/** Sends by the platform's `fetch`, which has its own pool of connections, and gathers the answer. */
import { type Answer, decode } from "./answer.ts";
import { decodeText, joinChunks } from "./charset.ts";
import { type ConnectorError, failure } from "./errors.ts";
import type { World } from "./world.ts";

export interface Wire {
  readonly url: string;
  readonly method: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string | Uint8Array | undefined;
}

/** No answer, or half of one. */
export interface Fault {
  readonly error: ConnectorError;
  /** Another attempt may mend it. */
  readonly passing: boolean;
  /** Nothing can have arrived. */
  readonly unsent: boolean;
}

/** `signal` ends it; what goes wrong otherwise is a value. */
export async function send(
  { fetch, maxBytes }: World,
  { url, method, headers, body }: Wire,
  signal: AbortSignal,
): Promise<Answer | Fault> {
  const own = new AbortController();
  const end = (): void => own.abort();
  signal.addEventListener("abort", end);
  const origin = new URL(url).origin;
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
      signal: own.signal,
    });
    status = response.status;
    // A browser shows nothing of a redirect that it does not follow.
    if (response.type === "opaqueredirect")
      return fault(
        "protocol",
        `${origin}: the server redirects, and a browser does not say where to. Check the URL.`,
      );
    const chunks: Uint8Array[] = [];
    let size = 0;
    const reader = response.body?.getReader();
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
      size += part.value.length;
      if (size > maxBytes) {
        own.abort();
        const message = `${origin}: the answer is larger than ${maxBytes} bytes. Ask for less at a time, or raise \`maxResponseBytes\`.`;
        return fault("too_large", message, { code: "response_too_large", status });
      }
      chunks.push(part.value);
    }
    return answerOf(url, response, joinChunks(chunks));
  } catch (thrown) {
    return faultOf(thrown, origin, status);
  } finally {
    signal.removeEventListener("abort", end);
  }
}

function answerOf(url: string, { status, headers: given }: Response, bytes: Uint8Array): Answer {
  let json: { readonly value: unknown } | undefined;
  const answer: Answer = {
    status,
    url,
    bytes,
    open: !given.has("content-length") && !given.has("transfer-encoding"),
    headers: {
      get: (name) => given.get(name) ?? undefined,
      get setCookie() {
        return given.getSetCookie();
      },
      entries: () => given.entries(),
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

function faultOf(thrown: unknown, origin: string, status: number | undefined): Fault {
  const { code: own, cause } = Object(thrown) as { code?: unknown; cause?: { code?: unknown } };
  // Node and Bun say why in a code, Node one level down. Messages may quote headers: only a code is shown.
  const code = String(cause?.code ?? own ?? "");
  const shown = /^\w+$/.test(code) ? ` (${code})` : "";
  if (status !== undefined)
    return code === "ERR_CONTENT_DECODING_FAILED" || code === "Z_DATA_ERROR"
      ? fault("decode", `${origin}: the answer's content-encoding is broken.`, {
          code: "response_invalid",
          status,
        })
      : passing("truncated", `${origin}: the answer ended midway. Try again.`, false, status);
  const reason = unsent[code];
  return reason === undefined
    ? passing("reset", `${origin}: the request failed${shown}. Try again.`, false)
    : passing(
        reason,
        `${origin}: no connection${shown}. Check host and port, and that the server runs.`,
        true,
      );
}

export function passing(reason: string, message: string, isUnsent: boolean, status?: number): Fault {
  const details = { reason, sent: !isUnsent };
  const error = failure("network_error", message, { status, retryable: true, details });
  return { error, passing: true, unsent: isUnsent };
}

function fault(reason: string, message: string, more: { code?: string; status?: number } = {}): Fault {
  const error = failure(more.code ?? "network_error", message, {
    phase: "request",
    status: more.status,
    details: { reason, sent: true },
  });
  return { error, passing: false, unsent: false };
}
