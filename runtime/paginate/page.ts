import type { Exchanged } from "../call/call.ts";
import type { Warning } from "../connection/connection.ts";
import type { ResponseHeaders } from "../ports.ts";

/** One page: its records, the whole body, and the cursor of the next page where there is one. */
export interface Page<T = unknown> {
  readonly records: readonly T[];
  readonly data: unknown;
  readonly cursor: string | undefined;
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly warnings: readonly Warning[];
}

/** An exchange with what its owner should know about the answer. */
export interface FetchedPage extends Pick<Exchanged, "answer" | "data" | "whence"> {
  readonly warnings: readonly Warning[];
}
