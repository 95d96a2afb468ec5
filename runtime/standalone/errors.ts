/** The one error that callers of a standalone client meet. */
import type { ErrorCode, Phase } from "./types.ts";

const brand: unique symbol = Symbol.for("connectorc.ConnectorError") as never;

export interface ErrorFields {
  readonly code: ErrorCode;
  readonly message: string;
  readonly phase: Phase;
  readonly retryable?: boolean | undefined;
  readonly connector?: string | undefined;
  readonly operation?: string | undefined;
  readonly attempts?: number | undefined;
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
  /** Unix time in milliseconds. */
  readonly retryAt?: number | undefined;
  readonly cursor?: string | undefined;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  readonly cause?: unknown;
}

const blank = {
  retryable: false,
  connector: undefined,
  operation: undefined,
  attempts: undefined,
  status: undefined,
  requestId: undefined,
  retryAt: undefined,
  cursor: undefined,
  details: undefined,
};

export class ConnectorError extends Error {
  declare readonly code: ErrorCode;
  declare readonly phase: Phase;
  declare readonly retryable: boolean;
  declare readonly connector: string | undefined;
  declare readonly operation: string | undefined;
  declare readonly attempts: number | undefined;
  declare readonly status: number | undefined;
  declare readonly requestId: string | undefined;
  declare readonly retryAt: number | undefined;
  declare readonly cursor: string | undefined;
  declare readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor({ message, cause, ...fields }: ErrorFields) {
    super(message, cause === undefined ? undefined : { cause });
    Object.assign(this, blank, fields, { name: "ConnectorError" });
    Object.defineProperty(this, brand, { value: true });
  }

  static is(value: unknown): value is ConnectorError {
    return Object(value)[brand] === true;
  }
}

const phases: Readonly<Record<string, Phase>> = {
  configuration: "configuration",
  invalid_parameters: "parameters",
  missing_credential: "credentials",
  reauthorization_required: "credentials",
  destination_blocked: "destination",
  rate_limited: "pacing",
  queue_full: "pacing",
  deadline_exceeded: "request",
  aborted: "request",
  network_error: "request",
  internal: "request",
  truncated: "pagination",
  pagination_loop: "pagination",
  pagination_inconsistent: "pagination",
};

/** An error of this code; its phase is the usual one unless `more` says another. */
export function failure(code: ErrorCode, message: string, more: Partial<ErrorFields> = {}): ConnectorError {
  return new ConnectorError({ code, phase: phases[code] ?? "response", message, ...more });
}

/** The same failure with more said of it: an error may be shared by callers, so it is never changed. */
export function amended(error: ConnectorError, more: Partial<ErrorFields>): ConnectorError {
  const { name: _, ...fields } = { ...error };
  return new ConnectorError({ ...fields, message: error.message, cause: error.cause, ...more });
}

export function closed(): ConnectorError {
  return failure("aborted", "The client is closed. Make a new one.");
}

/** A parameter, or an option of a call, that is wrong. */
export function unfit(parameter: string, message: string): ConnectorError {
  return failure("invalid_parameters", message, { details: { parameter } });
}
