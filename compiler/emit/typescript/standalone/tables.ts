/** The tables of the core of which a connector needs some entries only. */
import type { Needs } from "./features.ts";

export interface CoreTable {
  /** As the core's one scope has it. */
  readonly name: string;
  /** Names of the entries that a call of this connector can reach. */
  readonly needed: (needs: Needs) => ReadonlySet<string>;
}

/** What `request()` and parameters of themselves take, whatever the templates of the connector have. */
const anyRequest = {
  types: ["array", "boolean", "file", "json", "number", "string"],
  contexts: ["cookie", "header", "json", "path", "query", "text"],
  bodies: ["binary", "json", "text"],
} as const;

/** How a `fetch` can fail. */
const failures = ["refused", "dns", "timeout", "reset", "truncated", "protocol", "too_large", "decode"];

export const coreTables: readonly CoreTable[] = [
  { name: "templateFunctions", needed: ({ functions }) => functions },
  { name: "encoders", needed: ({ contexts }) => new Set([...contexts, ...anyRequest.contexts]) },
  { name: "coercions", needed: ({ types }) => new Set([...types, ...anyRequest.types]) },
  { name: "serialisers", needed: ({ bodies }) => new Set([...bodies, ...anyRequest.bodies]) },
  { name: "formats", needed: ({ formats }) => formats },
  { name: "meanings", needed: () => new Set(failures) },
];
