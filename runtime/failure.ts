import { ConnectorError, type ErrorFields } from "./errors.ts";
import { createScrubber, type Scrubber } from "./secrets/scrub.ts";

/** Where a failure happened and what its text must not hold. */
export interface FailureContext {
  readonly connector: string;
  readonly operation: string;
  readonly secrets: Iterable<unknown>;
}

/** Whatever was thrown, as the one error that callers meet: in context, without secrets. */
export function describeFailure(thrown: unknown, context: FailureContext): ConnectorError {
  // Only this function names the operation: an error that has one has been here.
  if (ConnectorError.is(thrown) && thrown.operation !== undefined) return thrown;
  const error = ConnectorError.is(thrown) ? thrown : internalError(thrown, context);
  const { connector, operation } = context;
  const message = `${connector} ${operation}: ${error.message}`;
  return withoutSecrets(error, context.secrets, { message, connector, operation });
}

/** The error with these secrets taken out of all that is text. */
export function withoutSecrets(
  error: ConnectorError,
  secrets: Iterable<unknown>,
  more: Partial<ErrorFields> = {},
): ConnectorError {
  const fields = { ...fieldsOf(error), ...more };
  const scrubber = createScrubber(secrets);
  return new ConnectorError({
    ...fields,
    message: scrubber.text(fields.message),
    ...(error.requestId === undefined ? {} : { requestId: scrubber.text(error.requestId) }),
    ...(error.details ? { details: scrubbedDetails(error.details, scrubber) } : {}),
  });
}

function scrubbedDetails(
  details: Readonly<Record<string, unknown>>,
  scrubber: Scrubber,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(details).map(([key, value]) => [key, scrubber.data(value)]));
}

function fieldsOf(error: ConnectorError): ErrorFields {
  const { code, message, phase, retryable, attempts, status, requestId, retryAt, cursor, cause } = error;
  return {
    code,
    message,
    phase,
    retryable,
    ...(attempts === undefined ? {} : { attempts }),
    ...(status === undefined ? {} : { status }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(retryAt === undefined ? {} : { retryAt }),
    ...(cursor === undefined ? {} : { cursor }),
    ...(cause === undefined ? {} : { cause }),
  };
}

/** A fault of ours. Its cause keeps the stack, and a text without secrets. */
function internalError(thrown: unknown, context: FailureContext): ConnectorError {
  const scrubber = createScrubber(context.secrets);
  const cause = new Error(scrubber.text(thrown instanceof Error ? thrown.message : String(thrown)));
  if (thrown instanceof Error && thrown.stack !== undefined) cause.stack = scrubber.text(thrown.stack);
  return new ConnectorError({
    code: "internal",
    phase: "request",
    message: "an unexpected fault inside the runtime. Please report it.",
    cause,
  });
}
