/** What is read: a list of 1,000,000 records in pages of 100. */

export const pageSize = 100;
export const total = 1_000_000;
/** Readers take turns after so many records: whatever else the machine does meets all alike. */
export const slice = 50_000;

/** A pause after each page makes a consumer that is so many times slower than the server. */
export const slowness = 10;

export const readers = ["by hand", "records()", "records(), with keys"] as const;

export interface Task {
  readonly reader: (typeof readers)[number];
  readonly origin: string;
  /** Of `listDescriptor`. */
  readonly ir: unknown;
  /** Milliseconds of the consumer's own work after each page; 0: none. */
  readonly pauseMs: number;
}

/** What one slice took, and what has come by its end. */
export interface Measured {
  readonly seconds: number;
  /** Of this process alone, all threads. */
  readonly cpuSeconds: number;
  readonly records: number;
  /** Of all ids: nothing was left out, and nothing came twice. */
  readonly sum: number;
  /** Bytes of the process. */
  readonly rss: number;
}

/** Two operations on one list: the second also looks for records that come twice. */
export function listDescriptor(): string {
  return `metadata: { name: Desk, slug: desk, version: 1.0.0, description: A help desk., publisher: Example }
base_url: "{base_url}"
connection_config: [{ key: base_url, label: Base URL }]
authentication: [{ type: bearer, fields: [{ key: token, label: Token, secret: true }] }]
operations:
  - operation_id: list_tickets
    endpoint: /tickets
    summary: List tickets
    auth_type_ref: bearer
    response: { records_path: "$.items" }
    pagination: { type: cursor, cursor_path: "$.next", cursor_param: cursor, max_pages: 1000000 }
  - operation_id: list_tickets_once
    endpoint: /tickets
    summary: List tickets, none twice
    auth_type_ref: bearer
    response: { records_path: "$.items" }
    pagination: { type: cursor, cursor_path: "$.next", cursor_param: cursor, max_pages: 1000000, primary_key: id }
`;
}
