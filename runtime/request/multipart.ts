import { joinChunks } from "../response/charset.ts";
import { type FileContent, isFileContent, type Payload } from "./file.ts";
import { halfPair, ofField } from "./refused.ts";
import { bodyStream, type StreamPart, StreamSource } from "./stream-source.ts";
import { toText } from "./text.ts";

/** A multipart/form-data body (RFC 7578) of an object's own entries; lists repeat their name. A stream in it makes all of it one. */
export function encodeMultipart(value: object, boundary: string): Payload {
  const parts: StreamPart[] = [];
  for (const [name, entry] of Object.entries(value)) {
    for (const item of Array.isArray(entry) ? entry : [entry]) {
      if (item === undefined || item === null) continue;
      const file = fileOf(item);
      parts.push(ofField(name, () => bytesOf(`--${boundary}\r\n${partHead(name, file)}\r\n\r\n`)));
      const data = file ? file.data : toText(item);
      parts.push(data instanceof StreamSource ? data : ofField(name, () => bytesOf(data)));
      parts.push(bytesOf("\r\n"));
    }
  }
  parts.push(bytesOf(`--${boundary}--\r\n`));
  const chunks = parts.filter((part) => part instanceof Uint8Array);
  return chunks.length === parts.length ? joinChunks(chunks) : bodyStream(parts);
}

function fileOf(item: unknown): FileContent | undefined {
  if (item instanceof Uint8Array) return { data: item };
  return isFileContent(item) ? item : undefined;
}

function partHead(name: string, file: FileContent | undefined): string {
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
