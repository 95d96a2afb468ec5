/** Reads a body by the descriptor's `response.type`. One function per type; JSON alone is synchronous. */
import type { ResponseType } from "../../schema/ir.ts";
import { ConnectorError } from "../errors.ts";
import { decodeText, decodeUtf8, joinChunks } from "./charset.ts";
import { invalidResponse } from "./invalid.ts";
import { parseJsonLines } from "./json-lines.ts";
import { parseJson } from "./json-text.ts";

/**
 * The value of a body. Throws `response_invalid`, which says where and what to do and never quotes the body.
 * An empty JSON or XML body is null, an empty CSV or JSON Lines body has no records.
 */
export function decodeBody(
  chunks: readonly Uint8Array[],
  type: ResponseType,
  contentType: string | undefined,
): unknown | Promise<unknown> {
  if (type === "json") return decodeJson(chunks, { get: () => contentType });
  const bytes = joinChunks(chunks);
  switch (type) {
    case "jsonl":
      return decodeJsonLines(bytes, contentType);
    case "form":
      return Object.fromEntries(new URLSearchParams(decodeText(bytes, contentType).trim()));
    case "text":
      return decodeText(bytes, contentType);
    case "binary":
      return bytes;
    case "csv":
      return decodeCsv(decodeText(bytes, contentType), contentType);
    case "xml":
      return bytes.length === 0 ? null : decodeXml(bytes, contentType);
  }
}

/** As `decodeBody`; the headers are asked only where the body makes no sense. */
export function decodeJson(
  chunks: readonly Uint8Array[],
  headers: { get(name: "content-type"): string | undefined },
): unknown {
  const bytes = joinChunks(chunks);
  if (bytes.length === 0) return null;
  try {
    return parseJson(decodeUtf8(bytes), bytes);
  } catch (error) {
    throw explained(error, bytes, headers.get("content-type"), "JSON");
  }
}

function decodeJsonLines(bytes: Uint8Array, contentType: string | undefined): unknown {
  try {
    return parseJsonLines(decodeUtf8(bytes));
  } catch (error) {
    throw explained(error, bytes, contentType, "JSON Lines");
  }
}

async function decodeCsv(text: string, contentType: string | undefined): Promise<unknown> {
  const { parseCsv } = await import("./csv.ts");
  return parseCsv(text, contentType);
}

async function decodeXml(bytes: Uint8Array, contentType: string | undefined): Promise<unknown> {
  const { parseXml } = await import("./xml.ts");
  return parseXml(bytes, contentType);
}

/** A login or error page with status 200 is the usual reason why JSON does not parse: then that is what we say. */
export function explained(
  error: unknown,
  bytes: Uint8Array,
  contentType: string | undefined,
  expected: string,
): unknown {
  if (!ConnectorError.is(error) || !isHtml(bytes, contentType)) return error;
  return invalidResponse(
    `The server sent HTML where ${expected} was expected, perhaps a login or an error page; check the URL and the credentials.`,
    error.details,
  );
}

function isHtml(bytes: Uint8Array, contentType: string | undefined): boolean {
  if (/^\s*(?:text\/html|application\/xhtml\+xml)\b/i.test(contentType ?? "")) return true;
  const start = new TextDecoder().decode(bytes.subarray(0, 512));
  return /^\s*<(?:!doctype\s+html|html|head|body)\b/i.test(start);
}
