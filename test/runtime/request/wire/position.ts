import type { CallOptions, ConnectOptions } from "../../../../runtime/index.ts";

/** A request as it must be written; texts are bytes, one character each. */
export interface Written {
  /** Method and target. */
  readonly line: string;
  readonly contentType?: string;
  /** Headers of its own, in order. */
  readonly head?: readonly string[];
  /** `BOUNDARY` stands for that of a multipart body. */
  readonly body?: string;
}

/** A place of a request where a value goes that somebody else chose. */
export interface Position {
  readonly yaml: string;
  /** What is called with; `{ v: value }` where nothing else is said. */
  readonly parameters?: (value: string) => Readonly<Record<string, unknown>>;
  readonly options?: (value: string) => CallOptions;
  readonly connect?: (value: string) => ConnectOptions;
  /** What the server answers in turn; `{}` where nothing else is said. */
  readonly answers?: (value: string) => readonly string[];
  /** Reads two pages: the request for the second is the one that is looked at. */
  readonly paged?: true;
  /** The one request that the value is in; undefined where it must be refused, and that request not be sent. */
  readonly written: (value: string) => Written | undefined;
}

export type Positions = Readonly<Record<string, Position>>;

/** What is written where every text that goes into it can be. */
export function whereAll<const T extends readonly (string | undefined)[]>(
  texts: T,
  written: (...texts: { [K in keyof T]: string }) => Written,
): Written | undefined {
  // All of them are there.
  return texts.includes(undefined) ? undefined : written(...(texts as unknown as { [K in keyof T]: string }));
}
