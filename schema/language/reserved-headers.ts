/** Headers that say how a message is cut out of its connection and where it goes (RFC 9110, section 7; RFC 9112, section 6). */
const reserved: ReadonlySet<string> = new Set([
  "host",
  "content-length",
  "transfer-encoding",
  "connection",
  "keep-alive",
  "upgrade",
  "te",
  "trailer",
  "expect",
]);

/** True for a header that the transport alone sets. */
export function isReservedHeader(name: string): boolean {
  const lower = name.toLowerCase();
  return reserved.has(lower) || lower.startsWith("proxy-");
}
