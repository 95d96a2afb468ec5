import type { ResponseHeaders } from "../ports.ts";

/** A message of JSON-RPC 2.0, as far as a carrier of messages must know it. */
export interface RpcMessage {
  readonly id?: unknown;
  readonly method?: string;
  readonly [member: string]: unknown;
}

/** Undefined where the text is none. */
export function parseMessage(text: string): RpcMessage | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    const { method, ...rest } = value as Readonly<Record<string, unknown>>;
    return typeof method === "string" ? { ...rest, method } : rest;
  } catch {
    return undefined;
  }
}

/** Headers of an answer that never was HTTP: name, value, name, value. */
export function textHeaders(flat: readonly string[]): ResponseHeaders {
  const all = new Map<string, string>();
  for (let at = 0; at + 1 < flat.length; at += 2) all.set(flat[at] ?? "", flat[at + 1] ?? "");
  return { get: (name) => all.get(name), setCookie: [], entries: () => all.entries() };
}
