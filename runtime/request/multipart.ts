import { type FileValue, isFileValue } from "./file.ts";
import { halfPair } from "./refused.ts";
import { toText } from "./text.ts";

/** A multipart/form-data body (RFC 7578) of an object's own entries; lists repeat their name. */
export function encodeMultipart(value: object, boundary: string): Uint8Array {
  const chunks: Uint8Array[] = [];
  for (const [name, entry] of Object.entries(value)) {
    for (const item of Array.isArray(entry) ? entry : [entry]) {
      if (item === undefined || item === null) continue;
      const file = fileOf(item);
      chunks.push(bytesOf(`--${boundary}\r\n${partHead(name, file)}\r\n\r\n`));
      chunks.push(bytesOf(file ? file.data : toText(item)));
      chunks.push(bytesOf("\r\n"));
    }
  }
  chunks.push(bytesOf(`--${boundary}--\r\n`));
  return concatenate(chunks);
}

function fileOf(item: unknown): FileValue | undefined {
  if (item instanceof Uint8Array) return { data: item };
  return isFileValue(item) ? item : undefined;
}

function partHead(name: string, file: FileValue | undefined): string {
  const disposition = `content-disposition: form-data; name="${escapeName(name)}"`;
  if (!file) return disposition;
  const type = /^[\x20-\x7e]+$/.test(file.content_type ?? "")
    ? file.content_type
    : "application/octet-stream";
  return `${disposition}; filename="${escapeName(file.filename ?? "file")}"\r\ncontent-type: ${type}`;
}

/** As the WHATWG form encoding escapes names: no quote or line break can end the header. */
function escapeName(name: string): string {
  return name.replaceAll('"', "%22").replaceAll("\r", "%0D").replaceAll("\n", "%0A").replaceAll("\0", "%00");
}

function bytesOf(data: Uint8Array | string): Uint8Array {
  if (typeof data !== "string") return data;
  // An encoder would put a replacement character, in silence.
  if (!data.isWellFormed()) throw halfPair();
  return new TextEncoder().encode(data);
}

function concatenate(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((total, chunk) => total + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
