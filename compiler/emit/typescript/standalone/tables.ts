/** The tables of the core of which a connector needs some entries only. */
import type { Needs } from "./features.ts";

export interface CoreTable {
  /** As the core's one scope has it. */
  readonly name: string;
  /** Names of the entries that a call of this connector can reach. */
  readonly needed: (needs: Needs) => ReadonlySet<string>;
}

export const coreTables: readonly CoreTable[] = [
  { name: "templateFunctions", needed: ({ functions }) => functions },
  // Besides the connector's own: what `request()` and parameters of themselves take.
  {
    name: "encoders",
    needed: ({ contexts, cookies, bodies }) =>
      new Set([
        ...contexts,
        "header",
        "json",
        "query",
        ...(cookies ? ["cookie"] : []),
        ...(bodies.has("xml") ? ["xml"] : []),
      ]),
  },
  { name: "accepted", needed: ({ responses }) => new Set([...responses, "binary", "json", "text"]) },
  { name: "coercions", needed: ({ types }) => new Set([...types, "string"]) },
  { name: "serialisers", needed: ({ bodies }) => new Set([...bodies, "binary", "json", "text"]) },
  { name: "decoders", needed: ({ responses }) => new Set([...responses, "binary", "json", "text"]) },
  { name: "formats", needed: ({ formats }) => formats },
  { name: "lives", needed: ({ lives }) => lives },
  { name: "extractors", needed: ({ extracts }) => extracts },
  { name: "owners", needed: ({ scopes }) => scopes },
  {
    name: "systemRandom",
    needed: ({ signers }) => new Set(["next", "uuid", ...(signers.size > 0 ? ["bytes"] : [])]),
  },
  { name: "signers", needed: ({ signers }) => signers },
  { name: "pagers", needed: ({ pagination }) => pagination },
];
