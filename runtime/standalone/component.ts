/** Percent-encoding; stands in for `request/component.ts`, without its way around what needs none. */
import { halfPair } from "../request/refused.ts";

/** RFC 3986, section 3.4: everything but unreserved characters and the harmless `!'()*`. */
export function encodeComponent(text: string): string {
  if (!text.isWellFormed()) throw halfPair();
  return encodeURIComponent(text);
}
