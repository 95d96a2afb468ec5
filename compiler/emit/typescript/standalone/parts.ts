/** The parts of the core that many connectors can do without. */
import type { Needs } from "./features.ts";

/** Names of the core's one scope that go where `needed` is false, with all that only they use. */
export interface CorePart {
  readonly names: readonly string[];
  readonly needed: (needs: Needs) => boolean;
  /** What stands in their place; without it, nothing that a call of this connector reaches. */
  readonly instead?: string;
}

export const coreParts: readonly CorePart[] = [
  {
    names: ["createTokens"],
    needed: ({ sources }) => sources.has("chain") || sources.has("oauth2"),
    instead: "() => undefined",
  },
  { names: ["signByPrivateKey"], needed: ({ privateKeys }) => privateKeys },
  { names: ["createPacer"], needed: ({ limits }) => limits, instead: "() => ({ close() {} })" },
  { names: ["limitsOf"], needed: ({ limits }) => limits, instead: "() => () => []" },
  { names: ["tellPacer"], needed: ({ limits }) => limits, instead: "() => {}" },
  { names: ["resetInMs"], needed: ({ resets }) => resets },
  { names: ["matches"], needed: ({ matchers }) => matchers, instead: "() => false" },
  { names: ["styledPairs"], needed: ({ types, parameters }) => parameters && hasStructure(types) },
  { names: ["toPairs"], needed: ({ types, bodies }) => hasStructure(types) || bodies.has("form") },
  { names: ["deepPairs"], needed: ({ styles, bodies }) => styles.has("deepObject") || bodies.has("form") },
  {
    names: ["checkEncodedSegment"],
    needed: ({ functions, styledSegments }) => styledSegments || has(functions, "url", "path"),
  },
  {
    names: ["isFileContent", "wholeFile"],
    needed: ({ files, bodies }) => files || bodies.has("binary"),
    instead: "() => false",
  },
  { names: ["isBlob", "isStreamedFile"], needed: ({ files }) => files, instead: "() => false" },
  { names: ["fileOf"], needed: ({ files }) => files },
  // Streams are refused with the parameters.
  { names: ["StreamSource"], needed: ({ files }) => files },
  { names: ["parsed"], needed: ({ types }) => types.has("json") },
  { names: ["md5"], needed: ({ functions, signers }) => functions.has("md5") || signers.has("digest") },
  {
    names: ["sha1"],
    needed: ({ functions, signers }) =>
      has(functions, "sha1", "hmac_sha1") || has(signers, "HMAC-SHA1", "wsse"),
  },
  {
    names: ["sha512"],
    needed: ({ functions, signers, sources, assertions }) =>
      has(functions, "sha512", "hmac_sha512", "jwt", "sign") ||
      has(signers, "HMAC-SHA512", "digest") ||
      sources.has("jwt") ||
      assertions,
  },
  { names: ["madeOrigin"], needed: ({ madeOrigins }) => madeOrigins },
  { names: ["parseBase"], needed: ({ baseOrigins }) => baseOrigins },
  { names: ["checkAuthority"], needed: ({ madeOrigins }) => madeOrigins },
  { names: ["withValue"], needed: ({ bodySlots }) => bodySlots },
  { names: ["hasMore"], needed: ({ hasMore }) => hasMore, instead: "() => undefined" },
  { names: ["assertNoMore"], needed: ({ hasMore }) => hasMore, instead: "() => {}" },
  { names: ["selectMany"], needed: ({ manyPaths }) => manyPaths },
  { names: ["differs"], needed: ({ clocked }) => clocked, instead: "() => false" },
];

function has(set: ReadonlySet<string>, ...names: readonly string[]): boolean {
  return names.some((name) => set.has(name));
}

/** Maps and lists have styles. */
function hasStructure(types: ReadonlySet<string>): boolean {
  return has(types, "array", "object", "json");
}
