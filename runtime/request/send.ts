import type { Deadline } from "../deadline.ts";
import type { ConnectorError } from "../errors.ts";
import type { IncomingBody, ResponseHeaders, Transport, TransportError, WireRequest } from "../ports.ts";

/** An answer as it came: head and decoded bytes. */
export interface Received {
  readonly kind: "received";
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly chunks: readonly Uint8Array[];
  /** `close`: a cut body cannot be told from a whole one by its framing. */
  readonly framing: IncomingBody["framing"];
}

/** No answer, or half of one. */
export interface Failed {
  readonly kind: "failed";
  readonly error: TransportError;
  /** The head, where it came before the failure. */
  readonly status: number | undefined;
}

/** The call's end came first. `sent` says whether request bytes may have reached the server. */
export interface Cut {
  readonly kind: "cut";
  readonly error: ConnectorError;
  readonly sent: boolean;
}

/** Sends one request and gathers its answer. Never rejects: every ending is a value. */
export function send(
  transport: Transport,
  request: WireRequest,
  deadline: Deadline,
): Promise<Received | Failed | Cut> {
  return new Promise((resolve) => {
    const chunks: Uint8Array[] = [];
    let sent = false;
    let head:
      | {
          readonly status: number;
          readonly headers: ResponseHeaders;
          readonly framing: IncomingBody["framing"];
        }
      | undefined;
    let finished = false;
    let off = (): void => {};
    const finish = (ending: Received | Failed | Cut): void => {
      finished = true;
      off();
      resolve(ending);
    };
    const abort = transport.send(request, {
      sent: () => {
        sent = true;
      },
      head: (status, headers, body) => {
        head = { status, headers, framing: body.framing };
      },
      data: (chunk) => {
        chunks.push(chunk);
      },
      end: () => {
        if (head) finish({ kind: "received", chunks, ...head });
        else
          finish({
            kind: "failed",
            error: { kind: "protocol", message: "The answer had no head.", sent },
            status: undefined,
          });
      },
      fail: (error) => finish({ kind: "failed", error, status: head?.status }),
    });
    if (finished) return;
    off = deadline.onEnd((error) => {
      abort();
      finish({ kind: "cut", error, sent });
    });
  });
}
