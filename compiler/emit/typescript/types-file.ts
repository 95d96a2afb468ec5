import { type ClientMode, type ClientModel, coreModule } from "./client-model.ts";
import { errorTypes } from "./error-types.ts";
import { fileHeader } from "./header.ts";
import { operationTypes } from "./operation-types.ts";
import { optionsTypes } from "./options-types.ts";
import { createSchemaTypes } from "./schema-type.ts";

/** `types.ts`: everything a caller names, as plain interfaces. */
export function typesFile(model: ClientModel): string {
  const schemas = createSchemaTypes(model.ir.schemas, model.types);
  // A shared schema stands after the first operation that needs it.
  const operations = model.operations.flatMap((operation) => [
    ...operationTypes(model, operation, schemas),
    ...schemas.declarations(),
  ]);
  const declarations = [...optionsTypes(model), ...errorTypes(model), ...operations];
  return (
    fileHeader(model.ir) + [callTypes(coreModule(model)), fileTypes[model.mode], ...declarations].join("\n")
  );
}

/** The shapes of calls: the same in every client. */
const callTypes = (core: string): string => `import type * as connectorc from "${core}";

/** Options of a call. */
export type CallOptions = connectorc.CallOptions;

/** Options of a call that reads pages. */
export type PageOptions = connectorc.PageOptions;

/** What credentials are asked for. */
export interface CredentialsRequest {
  readonly profile: string;
  readonly fields: readonly string[];
  readonly reason: "first" | "refused";
}

/** Gives credentials when they are first needed, and again after the server refused them. */
export type CredentialsProvider<Credentials> = (request: CredentialsRequest) => Credentials | Promise<Credentials>;

/** The data of an answer beside the answer itself. */
export interface AnswerOf<Data> {
  readonly data: Data;
  readonly response: Omit<connectorc.CallResult, "data">;
}

/** A page of records. */
export interface PageOf<Data, One> extends Omit<connectorc.Page<One>, "data"> {
  readonly data: Data;
}

/** A call on its way: await it for its data. */
export interface PendingCall<Data> extends Promise<Data> {
  /** The data with status, headers, attempts and warnings. */
  withResponse(): Promise<AnswerOf<Data>>;
}

/**
 * A call that has not begun: awaiting it sends one request and gives its data; \`for await\` reads record by record,
 * page after page, and \`pages()\` page by page.
 */
export interface PendingPages<Data, One> extends PendingCall<Data>, AsyncIterable<One> {
  pages(): AsyncIterable<PageOf<Data, One>>;
}
`;

/** What a file may be, and what reads an answer while it comes; `fetch` alone has no streams. */
const fileTypes: { readonly [M in ClientMode]: string } = {
  standalone: `/** A file to send: named bytes or text, or a Blob. */
export type FileUpload =
  | { readonly data: Uint8Array | string; readonly filename?: string; readonly content_type?: string }
  | { readonly type: string; arrayBuffer(): Promise<ArrayBuffer> };
`,
  runtime: `/** A stream of bytes: a ReadableStream, one of Node's, or any other iterable. */
export type ByteStream = connectorc.StreamInput;

/** A file to send: bytes or text with a name, a Blob, or a stream, which is sent while it is read. Its \`length\` in bytes, where it is known. */
export type FileUpload =
  | { readonly data: Uint8Array | string | ByteStream; readonly filename?: string; readonly content_type?: string; readonly length?: number }
  | { readonly type: string; arrayBuffer(): Promise<ArrayBuffer> }
  | ByteStream;

/** Options of a streamed call. */
export type StreamOptions = Omit<connectorc.StreamOptions, "as">;

/** An answer that is read while it comes, once. */
export type AnswerStream<Piece> = connectorc.ResponseStream<Piece>;
`,
};
