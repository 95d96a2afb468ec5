import type { TransportError } from "../ports.ts";

/** The most bytes that the head of a response may hold. */
export const maxHeaderBytes: number = 65_536;

/** Why something failed below HTTP, before it is known whether request bytes had gone out. */
export interface Failure {
  readonly kind: TransportError["kind"];
  readonly message: string;
  /** Only errors of the operating system and of TLS, which hold nothing of the exchange. */
  readonly cause?: unknown;
  /** The server says that it did nothing with the request. */
  readonly nothingDone?: boolean;
}

/** A failure that a wire has put into words already. */
export class WireFailure extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** What the failed exchange had seen. */
export interface Progress {
  readonly origin: string;
  readonly headSeen: boolean;
}

/** The `code` of a Node or undici error. */
export function codeOf(error: unknown): string {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : "";
}

/** A failure to connect over TCP, names resolved. */
export function connectFailure(error: Error, target: string): Failure {
  const code = codeOf(error) || codeOf(firstOf(error));
  const failure = connectKind(error, code);
  return {
    kind: failure.kind,
    message: `cannot connect to ${target}: ${failure.why} (${code || error.name})`,
    cause: error,
  };
}

/** A failure of the TLS handshake. A connection that breaks off inside it is a reset: a new try can succeed. */
export function handshakeFailure(error: Error, target: string): Failure {
  const code = codeOf(error);
  if (code === "ECONNRESET" || code === "EPIPE") {
    return {
      kind: "reset",
      message: `${target} closed the connection during the TLS handshake`,
      cause: error,
    };
  }
  const message = `the TLS handshake with ${target} failed: ${handshakeReason(code, error)}`;
  return { kind: "tls", message, cause: error };
}

/** A failure of a running exchange, as undici reports it. Its errors may hold response bytes, so they are no cause. */
export function exchangeFailure(error: Error, progress: Progress): Failure {
  if (error instanceof WireFailure) return error.failure;
  const code = codeOf(error);
  const known = exchangeKinds.get(code);
  if (known !== undefined) return known(progress);
  if (code.startsWith("HPE_") || error.name === "HTTPParserError")
    return parserFailure(code, error, progress);
  if (code.startsWith("ERR_SSL") || code.startsWith("ERR_TLS")) {
    return { kind: "tls", message: `TLS with ${progress.origin} failed (${code})`, cause: error };
  }
  if (isSystemError(error)) return systemFailure(error, code, progress);
  return { kind: "protocol", message: `the exchange with ${progress.origin} failed (${code || error.name})` };
}

export type FailureOf = (progress: Progress) => Failure;

export const refusedRequest: FailureOf = ({ origin }) => ({
  kind: "protocol",
  message: `the request to ${origin} is not valid HTTP: a header, the method or the path holds what is not allowed there`,
});

export const connectionLost: FailureOf = ({ origin, headSeen }) =>
  headSeen
    ? { kind: "truncated", message: `${origin} closed the connection in the middle of the response body` }
    : { kind: "reset", message: `${origin} closed the connection before it answered` };

export const bodyCut: FailureOf = ({ origin, headSeen }) =>
  headSeen
    ? {
        kind: "truncated",
        message: `the response body of ${origin} is shorter or longer than its Content-Length`,
      }
    : {
        kind: "protocol",
        message: `${origin} sent a response head that contradicts itself about its length`,
      };

const closed: FailureOf = ({ origin }) => ({
  kind: "closed",
  message: `the transport to ${origin} was closed`,
});

export const headTimeout: FailureOf = ({ origin }) => ({
  kind: "timeout",
  message: `${origin} sent no response headers in time`,
});

export const bodyTimeout: FailureOf = ({ origin }) => ({
  kind: "timeout",
  message: `${origin} stopped sending the response body`,
});

export const headTooLarge: FailureOf = ({ origin }) => ({
  kind: "too_large",
  message: `the response headers of ${origin} exceed ${maxHeaderBytes} bytes`,
});

const exchangeKinds: ReadonlyMap<string, FailureOf> = new Map([
  ["UND_ERR_HEADERS_TIMEOUT", headTimeout],
  ["UND_ERR_BODY_TIMEOUT", bodyTimeout],
  ["UND_ERR_RES_CONTENT_LENGTH_MISMATCH", bodyCut],
  ["UND_ERR_HEADERS_OVERFLOW", headTooLarge],
  ["UND_ERR_SOCKET", connectionLost],
  ["UND_ERR_DESTROYED", closed],
  ["UND_ERR_CLOSED", closed],
  ["UND_ERR_INVALID_ARG", refusedRequest],
  ["UND_ERR_NOT_SUPPORTED", refusedRequest],
  ["UND_ERR_REQ_CONTENT_LENGTH_MISMATCH", refusedRequest],
]);

function parserFailure(code: string, error: Error, progress: Progress): Failure {
  const cut = code === "HPE_INVALID_EOF_STATE" || /EOF/.test(error.message);
  if (cut) return connectionLost(progress);
  const what = progress.headSeen ? "body" : "head";
  return {
    kind: "protocol",
    message: `${progress.origin} sent a response ${what} that is not HTTP/1.1${code === "" ? "" : ` (${code})`}`,
  };
}

function systemFailure(error: Error, code: string, { origin, headSeen }: Progress): Failure {
  if (code === "ETIMEDOUT")
    return { kind: "timeout", message: `${origin} stopped answering (ETIMEDOUT)`, cause: error };
  const where = headSeen ? "in the middle of the response body" : "before it answered";
  return { kind: "reset", message: `${origin} broke the connection ${where} (${code})`, cause: error };
}

function isSystemError(error: Error): boolean {
  return "syscall" in error && typeof error.syscall === "string";
}

/** Several addresses tried: the first one's error speaks for all. */
function firstOf(error: Error): unknown {
  return error instanceof AggregateError ? error.errors[0] : undefined;
}

function connectKind(error: Error, code: string): { kind: Failure["kind"]; why: string } {
  if ("syscall" in error && error.syscall === "getaddrinfo")
    return { kind: "dns", why: "the name cannot be resolved" };
  if (code === "ENOTFOUND" || code === "EAI_AGAIN" || code === "ENODATA") {
    return { kind: "dns", why: "the name cannot be resolved" };
  }
  if (code === "ETIMEDOUT") return { kind: "timeout", why: "no answer in time" };
  if (code === "ECONNRESET") return { kind: "reset", why: "the connection was reset" };
  if (code === "EMFILE" || code === "ENFILE")
    return { kind: "refused", why: "this process has no free file descriptor" };
  if (code === "ECONNREFUSED") return { kind: "refused", why: "nothing listens there" };
  return { kind: "refused", why: "the network does not lead there" };
}

function handshakeReason(code: string, error: Error): string {
  switch (code) {
    case "CERT_HAS_EXPIRED":
      return "its certificate has expired";
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return "its certificate is for another host";
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
    case "SELF_SIGNED_CERT_IN_CHAIN":
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
    case "UNABLE_TO_GET_ISSUER_CERT":
    case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
      return `its certificate comes from no known authority (${code}); give a private one as network.ca`;
    default:
      return code || error.name;
  }
}
