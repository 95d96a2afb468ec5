import { halfPair } from "./refused.ts";

/** By character code: 1 where `encodeURIComponent` leaves an ASCII character alone. */
const plain = new Uint8Array(128);
for (const char of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()")
  plain[char.charCodeAt(0)] = 1;

/** RFC 3986, section 3.4: everything but unreserved characters and the harmless `!'()*`. */
export function encodeComponent(text: string): string {
  let at = 0;
  while (at < text.length && plain[text.charCodeAt(at)] === 1) at++;
  if (at === text.length) return text;
  try {
    return encodeURIComponent(text);
  } catch {
    throw halfPair();
  }
}
