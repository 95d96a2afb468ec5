import type { errorCodes } from "../schema/language/error-codes.ts";

/** The one error that callers of the runtime meet. The union of codes is open: handle unknown ones by `retryable`. */
export type ErrorCode = (typeof errorCodes)[number] | (string & {});

/** The stage of a call that failed. */
export type Phase =
  | "configuration"
  | "parameters"
  | "credentials"
  | "destination"
  | "pacing"
  | "request"
  | "response"
  | "pagination";

export interface ErrorFields {
  readonly code: ErrorCode;
  readonly message: string;
  readonly phase: Phase;
  readonly retryable?: boolean;
  readonly connector?: string;
  readonly operation?: string;
  readonly attempts?: number;
  readonly status?: number;
  readonly requestId?: string;
  /** Unix time in milliseconds at which a new try can succeed. */
  readonly retryAt?: number;
  /** Where a page reader can go on from. */
  readonly cursor?: string;
  /** Plain data without secrets: the server's error body as far as it is safe, the parameter at fault, the chain step. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

const brand: unique symbol = Symbol.for("connectorc.ConnectorError") as never;

/** A failed call. `message` says what failed, where, and what to do next; it never holds a secret. */
export class ConnectorError extends Error {
  readonly code: ErrorCode;
  readonly phase: Phase;
  readonly retryable: boolean;
  readonly connector: string | undefined;
  readonly operation: string | undefined;
  readonly attempts: number | undefined;
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  readonly retryAt: number | undefined;
  readonly cursor: string | undefined;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(fields: ErrorFields) {
    super(fields.message, fields.cause === undefined ? undefined : { cause: fields.cause });
    this.name = "ConnectorError";
    this.code = fields.code;
    this.phase = fields.phase;
    this.retryable = fields.retryable ?? false;
    this.connector = fields.connector;
    this.operation = fields.operation;
    this.attempts = fields.attempts;
    this.status = fields.status;
    this.requestId = fields.requestId;
    // Whole milliseconds, and never before its time.
    this.retryAt = fields.retryAt === undefined ? undefined : Math.ceil(fields.retryAt);
    this.cursor = fields.cursor;
    this.details = fields.details;
    Object.defineProperty(this, brand, { value: true });
  }

  /** True for an error of any copy of this package. */
  static is(value: unknown): value is ConnectorError {
    return typeof value === "object" && value !== null && (value as { [brand]?: unknown })[brand] === true;
  }

  /** The same error with more context: code, message, phase and attempts are replaced, the rest stays where it is set; details add up. */
  with(fields: Partial<ErrorFields>): ConnectorError {
    const merged = errorOf({
      code: fields.code ?? this.code,
      message: fields.message ?? this.message,
      phase: fields.phase ?? this.phase,
      retryable: fields.retryable ?? this.retryable,
      ...defined("connector", this.connector ?? fields.connector),
      ...defined("operation", this.operation ?? fields.operation),
      ...defined("attempts", fields.attempts ?? this.attempts),
      ...defined("status", this.status ?? fields.status),
      ...defined("requestId", this.requestId ?? fields.requestId),
      ...defined("retryAt", this.retryAt ?? fields.retryAt),
      ...defined("cursor", this.cursor ?? fields.cursor),
      ...defined("details", fields.details ? { ...fields.details, ...this.details } : this.details),
      ...defined("cause", this.cause ?? fields.cause),
    });
    if (this.stack !== undefined) merged.stack = this.stack;
    return merged;
  }
}

/** Beside the class: a bundler renames a class that names itself, and an uncaught error shows its class's name. */
function errorOf(fields: ErrorFields): ConnectorError {
  return new ConnectorError(fields);
}

function defined<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V });
}
