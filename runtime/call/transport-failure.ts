import { ConnectorError, type ErrorCode } from "../errors.ts";
import type { TransportError } from "../ports.ts";

interface Meaning {
  readonly code: ErrorCode;
  /** A connection failure: another attempt may succeed. */
  readonly passing: boolean;
  readonly advice: string;
}

const meanings: { readonly [K in TransportError["kind"]]: Meaning } = {
  refused: {
    code: "network_error",
    passing: true,
    advice: "Check that the server runs and that host and port are right.",
  },
  dns: {
    code: "network_error",
    passing: true,
    advice: "Check the host name in the URL and in the settings.",
  },
  timeout: {
    code: "network_error",
    passing: true,
    advice: "The server is slow or unreachable; try again later.",
  },
  tls: {
    code: "network_error",
    passing: false,
    advice: "Check the server's certificate, or give its authority under `network.ca`.",
  },
  reset: { code: "network_error", passing: true, advice: "The connection broke; try again." },
  truncated: {
    code: "network_error",
    passing: true,
    advice: "The connection broke in the middle of the answer; try again.",
  },
  protocol: {
    code: "network_error",
    passing: false,
    advice: "The server does not speak HTTP as it should; check the URL.",
  },
  blocked: {
    code: "destination_blocked",
    passing: false,
    advice: "If this destination is meant, name it under `network.allow`.",
  },
  too_large: {
    code: "response_too_large",
    passing: false,
    advice: "Ask for less at a time, or raise `maxResponseBytes`.",
  },
  decode: {
    code: "response_invalid",
    passing: false,
    advice: "Try again; if it comes again, tell who runs the server that its content-encoding is broken.",
  },
  aborted: { code: "aborted", passing: false, advice: "Call again if it is still wanted." },
  proxy: {
    code: "network_error",
    passing: false,
    advice: "Check `network.proxy` and what the proxy lets through.",
  },
  body: {
    code: "invalid_parameters",
    passing: false,
    advice: "Give a stream that can be read to its end.",
  },
  closed: { code: "network_error", passing: false, advice: "Make a new runtime, or a new transport." },
};

/** The error of an exchange that failed below HTTP. Its cause is a plain sentence: foreign errors may quote headers. */
export function transportFailure(error: TransportError, origin: string): ConnectorError {
  const { code, passing, advice } = meanings[error.kind];
  return new ConnectorError({
    code,
    phase: error.kind === "blocked" ? "destination" : "request",
    retryable: passing,
    message: `${placed(error.message.replace(/[.\s]+$/, ""), origin)}. ${advice}`.trim(),
    // What the server says that it never looked at counts as not sent.
    details: { reason: error.kind, sent: error.sent && error.nothingDone !== true },
  });
}

/** Most sentences of the transport name the place already. */
function placed(sentence: string, origin: string): string {
  const authority = origin.slice(origin.indexOf("://") + 3);
  return sentence.includes(authority) ? sentence : `${origin}: ${sentence}`;
}

/** True for failures that the default retry rule repeats. */
export function isConnectionFailure(error: TransportError): boolean {
  return meanings[error.kind].passing;
}
