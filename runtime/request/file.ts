/** A file to upload: bytes or text with what a multipart part says about them. */
export interface FileValue {
  readonly data: Uint8Array | string;
  readonly filename?: string;
  readonly content_type?: string;
}

/** The parts of `Blob` and `File` that are used here. */
interface BlobLike {
  readonly type: string;
  readonly name?: string;
  arrayBuffer(): Promise<ArrayBuffer>;
}

export function isFileValue(value: unknown): value is FileValue {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, "data")) return false;
  const { data } = value as { data: unknown };
  return typeof data === "string" || data instanceof Uint8Array;
}

export function isBlob(value: unknown): value is BlobLike {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as Partial<BlobLike>).arrayBuffer === "function"
  );
}

/** Reads a Blob or File once, so that a second attempt sends the same bytes. */
export async function readBlob(blob: BlobLike): Promise<FileValue> {
  return {
    data: new Uint8Array(await blob.arrayBuffer()),
    ...(blob.name === undefined ? {} : { filename: blob.name }),
    ...(blob.type === "" ? {} : { content_type: blob.type }),
  };
}
