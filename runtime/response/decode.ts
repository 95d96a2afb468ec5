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
  const bytes = joinChunks(chunks);
  switch (type) {
    case "json":
      return bytes.length === 0 ? null : decodeJson(bytes, contentType);
    case "jsonl":
      return explainHtml(() => parseJsonLines(decodeUtf8(bytes)), bytes, contentType, "JSON Lines");
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

function decodeJson(bytes: Uint8Array, contentType: string | undefined): unknown {
  return explainHtml(() => parseJson(decodeUtf8(bytes)), bytes, contentType, "JSON");
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
function explainHtml<T>(
  parse: () => T,
  bytes: Uint8Array,
  contentType: string | undefined,
  expected: string,
): T {
  try {
    return parse();
  } catch (error) {
    if (!ConnectorError.is(error) || !isHtml(bytes, contentType)) throw error;
    throw invalidResponse(
      `The server sent HTML where ${expected} was expected, perhaps a login or an error page; check the URL and the credentials.`,
      error.details,
    );
  }
}

function isHtml(bytes: Uint8Array, contentType: string | undefined): boolean {
  if (/^\s*(?:text\/html|application\/xhtml\+xml)\b/i.test(contentType ?? "")) return true;
  const start = new TextDecoder().decode(bytes.subarray(0, 512));
  return /^\s*<(?:!doctype\s+html|html|head|body)\b/i.test(start);
}
