import { constants } from "node:http2";
import type { Failure } from "./failure.ts";
import { bodyCut, connectionLost } from "./failure.ts";

/** How a stream ended that has no whole answer. */
export interface StreamEnd {
  readonly origin: string;
  readonly headSeen: boolean;
  /** Of RST_STREAM, of either side; that of the session where it broke. */
  readonly code: number;
  /** The server has said that it takes no notice of this stream. */
  readonly ignored: boolean;
  /** The socket is gone. */
  readonly lost: boolean;
}

/** Why an exchange has no whole answer. */
export function streamFailure(end: StreamEnd): Failure {
  const { origin, headSeen, code } = end;
  // Nothing was done with it, and it is safe to send it again (RFC 9113, sections 6.8 and 8.7).
  if (!headSeen && (end.ignored || code === constants.NGHTTP2_REFUSED_STREAM))
    return {
      kind: "reset",
      message: `${origin} refused the request without looking at it`,
      nothingDone: true,
    };
  if (end.lost) return connectionLost(end);
  if (headSeen && code === constants.NGHTTP2_PROTOCOL_ERROR) return bodyCut(end);
  const name = codeNames.get(code) ?? String(code);
  if (headSeen)
    return { kind: "truncated", message: `${origin} broke off in the middle of the response body (${name})` };
  if (code === constants.NGHTTP2_PROTOCOL_ERROR)
    return { kind: "protocol", message: `the exchange with ${origin} breaks the rules of HTTP/2 (${name})` };
  return { kind: "reset", message: `${origin} broke off before it answered (${name})` };
}

/** By number (RFC 9113, section 7). */
const codeNames: ReadonlyMap<number, string> = new Map(
  [
    "NO_ERROR",
    "PROTOCOL_ERROR",
    "INTERNAL_ERROR",
    "FLOW_CONTROL_ERROR",
    "SETTINGS_TIMEOUT",
    "STREAM_CLOSED",
    "FRAME_SIZE_ERROR",
    "REFUSED_STREAM",
    "CANCEL",
    "COMPRESSION_ERROR",
    "CONNECT_ERROR",
    "ENHANCE_YOUR_CALM",
    "INADEQUATE_SECURITY",
    "HTTP_1_1_REQUIRED",
  ].map((name, code) => [code, name]),
);
