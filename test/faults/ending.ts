import {
  type CallOptions,
  type Connection,
  ConnectorError,
  type Parameters,
  type Warning,
} from "../../runtime/index.ts";

/** What a caller gets in the end. */
export type Ending =
  | {
      readonly ok: true;
      readonly data: unknown;
      readonly attempts: number;
      readonly warnings: readonly Warning[];
    }
  | { readonly ok: false; readonly error: ConnectorError };

type Ask = (
  connection: Connection,
  operation: string,
  parameters: Parameters,
  options: CallOptions,
) => Promise<Ending>;

export const call: Ask = async (connection, ...asked) => {
  const outcome = await connection.attempt(...asked);
  return outcome.ok ? { ok: true, ...outcome.value } : outcome;
};

/** Reads all pages; the records are the data. */
export const readAll: Ask = async (connection, ...asked) => {
  const records: unknown[] = [];
  try {
    for await (const record of connection.records(...asked)) records.push(record);
  } catch (error) {
    if (ConnectorError.is(error)) return { ok: false, error };
    throw error;
  }
  return { ok: true, data: records, attempts: 1, warnings: [] };
};
