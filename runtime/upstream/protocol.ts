/** What every message to an MCP server says of the protocol and of us. */
import type { JsonObject } from "../../schema/ir.ts";
import { version } from "../version.ts";

/** The revision without sessions, which is tried first. */
export const statelessRevision = "2026-07-28";
/** Revisions with a handshake, the newest first; in all of them tools are listed and called alike. */
export const sessionRevisions: readonly string[] = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"];

export const clientInfo: JsonObject = { name: "connectorc", version };

/** `_meta` of every request of the stateless revision (MCP 2026-07-28, Base Protocol). */
export const requestMeta: JsonObject = {
  "io.modelcontextprotocol/protocolVersion": statelessRevision,
  "io.modelcontextprotocol/clientInfo": clientInfo,
  "io.modelcontextprotocol/clientCapabilities": {},
};

/** A value of an argument as a header holds it (MCP 2026-07-28, Streamable HTTP); undefined for what no header can say. */
export function headerText(value: unknown): string | undefined {
  if (typeof value === "number" && !Number.isSafeInteger(value) && !(Math.abs(value) < 2 ** 53))
    return undefined;
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") return undefined;
  const text = String(value);
  const isPlain = /^[!-~](?:[\t -~]*[!-~])?$/.test(text) && !/^=\?base64\?.*\?=$/.test(text);
  return isPlain ? text : `=?base64?${base64(text)}?=`;
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
