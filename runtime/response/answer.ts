import type { ConnectorError } from "../errors.ts";
import type { ResponseHeaders } from "../ports.ts";

/** An answer as rules see it: status, headers, and the body as JSON or text, read when a rule first asks. */
export interface Answer {
  readonly status: number;
  readonly headers: ResponseHeaders;
  /** Why it is a failure although its status tells of a success. */
  readonly fault?: ConnectorError | undefined;
  /** The body as JSON; undefined where it is none. */
  json(): unknown;
  /** The body as text by its charset. */
  text(): string;
}
