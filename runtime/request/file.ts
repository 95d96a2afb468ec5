import type { BodyStream } from "../ports.ts";
import { halfPair, Refused } from "./refused.ts";
import { isStreamInput, type StreamInput, StreamSource } from "./stream-source.ts";

/** A file to upload: its content with what a multipart part says about it. */
export interface FileValue {
  /** Bytes, text, or a stream of bytes, which is sent while it is read. */
  readonly data: Uint8Array | string | StreamInput;
  readonly filename?: string;
  readonly content_type?: string;
  /** Bytes of a stream, where they are known: sent as `content-length`. */
  readonly length?: number;
}

/** A file whose content is at hand, or opened for each attempt. */
export interface FileContent {
  readonly data: Uint8Array | string | StreamSource;
  readonly filename?: string;
  readonly content_type?: string;
}

/** The parts of `Blob` and `File` that are used here. */
interface BlobLike {
  readonly type: string;
  readonly size: number;
  readonly name?: string;
  arrayBuffer(): Promise<ArrayBuffer>;
  stream(): StreamInput;
}

/** A Blob up to this size is read once and kept: a stream costs more than that. */
const smallBlob = 64 * 1024;

export function isFileContent(value: unknown): value is FileContent {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, "data")) return false;
  const { data } = value as { data: unknown };
  return typeof data === "string" || data instanceof Uint8Array || data instanceof StreamSource;
}

export function isBlob(value: unknown): value is BlobLike {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as Partial<BlobLike>).arrayBuffer === "function" &&
    typeof (value as Partial<BlobLike>).stream === "function"
  );
}

/** A given file: text and bytes as they are, streams as a source. Throws `Refused` for what is no file. */
export function fileOf(value: unknown): unknown {
  if (typeof value === "string") return wellFormed(value);
  if (value instanceof Uint8Array || isBlob(value)) return value;
  if (isStreamInput(value)) return { data: StreamSource.once(value, undefined) };
  if (typeof value === "object" && value !== null && Object.hasOwn(value, "data")) {
    const { data, length, filename, content_type } = value as Partial<FileValue>;
    const about = {
      ...(filename === undefined ? {} : { filename: wellFormed(String(filename)) }),
      ...(content_type === undefined ? {} : { content_type: String(content_type) }),
    };
    if (typeof data === "string") return { ...about, data: wellFormed(data) };
    if (data instanceof Uint8Array) return { ...about, data };
    if (isStreamInput(data)) return { ...about, data: StreamSource.once(data, lengthOf(length)) };
  }
  throw new Refused(
    "must be bytes, text, a Blob, a stream of bytes, or { data, filename, content_type, length }",
  );
}

function wellFormed(text: string): string {
  if (text.isWellFormed()) return text;
  throw halfPair();
}

function lengthOf(length: unknown): number | undefined {
  if (length === undefined) return undefined;
  if (typeof length === "number" && Number.isSafeInteger(length) && length >= 0) return length;
  throw new Refused("has a `length` that is no number of bytes");
}

/** A small Blob, or one that must be at hand, is read once; a large one is opened anew for each attempt. */
export async function readBlob(blob: BlobLike, whole: boolean): Promise<FileContent> {
  const data =
    whole || blob.size <= smallBlob
      ? new Uint8Array(await blob.arrayBuffer())
      : StreamSource.again(() => blob.stream(), blob.size);
  return {
    data,
    ...(blob.name === undefined ? {} : { filename: blob.name }),
    ...(blob.type === "" ? {} : { content_type: blob.type }),
  };
}

/** True for what can be sent only once. */
export function isSentOnce(value: unknown): boolean {
  return isFileContent(value) && value.data instanceof StreamSource && !value.data.replayable;
}

/** A file that is sent while it is read. */
export function isStreamedFile(value: unknown): value is FileContent & { readonly data: StreamSource } {
  return isFileContent(value) && value.data instanceof StreamSource;
}

/** Content as a body may hold it. */
export type Payload = string | Uint8Array | BodyStream;
