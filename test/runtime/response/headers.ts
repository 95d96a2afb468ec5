import type { ResponseHeaders } from "../../../runtime/ports.ts";
import { ReceivedAnswer } from "../../../runtime/request/received-answer.ts";
import type { Answer } from "../../../runtime/response/answer.ts";

/** Headers as the transport gives them. */
export function headersOf(values: Readonly<Record<string, string>> = {}): ResponseHeaders {
  const entries = Object.entries(values);
  return { get: (name) => entries.find(([key]) => key === name)?.[1], setCookie: [], entries: () => entries };
}

/** A whole answer, as the executor makes it; a body that is no string is sent as JSON. */
export function answerOf(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return new ReceivedAnswer({
    kind: "received",
    status,
    headers: headersOf(headers),
    chunks: [bytesOf(text)],
    framing: "length",
  });
}

/** The UTF-8 bytes of a text. */
export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
