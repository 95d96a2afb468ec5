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
  // A client holds the representation that it was built with.
  { names: ["checkIr"], needed: () => false, instead: "() => {}" },
  // Consents are obtained elsewhere: a client takes their tokens.
  { names: ["loginHolder"], needed: () => false },
  { names: ["stepHolder"], needed: ({ sources }) => sources.has("chain") || sources.has("oauth2") },
  {
    names: ["createTokenStore"],
    needed: ({ sources }) => sources.has("chain") || sources.has("oauth2"),
    instead: "() => undefined",
  },
  { names: ["grantHolder"], needed: ({ refresh }) => refresh },
  { names: ["createConsentStore"], needed: ({ refresh }) => refresh, instead: "() => undefined" },
  { names: ["jwtHolder"], needed: ({ sources }) => sources.has("jwt") },
  { names: ["compileRecipe"], needed: ({ sources, assertions }) => sources.has("jwt") || assertions },
  { names: ["judgeTokenAnswer"], needed: ({ sources }) => sources.has("oauth2") },
  { names: ["createSigner"], needed: ({ signers }) => signers.size > 0 },
  { names: ["compileOAuth1"], needed: ({ signers }) => signers.has("oauth1") },
  { names: ["compileAws"], needed: ({ signers }) => signers.has("aws_sigv4") },
  { names: ["compileWsse"], needed: ({ signers }) => signers.has("wsse") },
  { names: ["createDigest"], needed: ({ signers }) => signers.has("digest") },
  { names: ["createPacer"], needed: ({ limits }) => limits, instead: "() => ({ close() {} })" },
  { names: ["tellPacer"], needed: ({ limits }) => limits, instead: "() => {}" },
  { names: ["cursorPager"], needed: ({ pagination }) => pagination.has("cursor") },
  { names: ["offsetPager"], needed: ({ pagination }) => pagination.has("offset") },
  { names: ["pageNumberPager"], needed: ({ pagination }) => pagination.has("page") },
  { names: ["linkHeaderPager"], needed: ({ pagination }) => pagination.has("link_header") },
  { names: ["encodeMultipart"], needed: ({ bodies }) => bodies.has("multipart") },
  { names: ["formText"], needed: ({ bodies }) => bodies.has("form") },
  { names: ["deepPairs"], needed: ({ styles, bodies }) => styles.has("deepObject") || bodies.has("form") },
  { names: ["fileOf", "readBlob"], needed: ({ files, bodies }) => files || bodies.has("binary") },
  { names: ["StreamSource", "JoinedStream"], needed: ({ files, bodies }) => files || bodies.has("binary") },
  // Where a failure alone is XML, its status tells of it.
  { names: ["parseXml"], needed: ({ responses }) => responses.has("xml") },
  { names: ["parseCsv"], needed: ({ responses }) => responses.has("csv") },
  { names: ["decodeJsonLines"], needed: ({ responses }) => responses.has("jsonl") },
  { names: ["matches"], needed: ({ matchers }) => matchers },
  { names: ["compilePattern"], needed: ({ patterns }) => patterns },
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
  {
    names: ["idempotencyOverrides"],
    needed: ({ idempotency }) => idempotency,
    instead: "() => ({ query: [], headers: [], body: [] })",
  },
  { names: ["formatNow"], needed: ({ functions }) => functions.has("now") },
  {
    names: ["compileCookies"],
    needed: ({ cookies }) => cookies,
    instead: "() => () => []",
  },
  { names: ["cookieValues"], needed: ({ extracts }) => extracts.has("cookie") },
  { names: ["jwtLifeMs"], needed: ({ lives }) => lives.has("jwt_exp") },
  {
    names: ["parseBase", "checkAuthority", "withHostTail"],
    needed: ({ madeOrigins }) => madeOrigins,
  },
  { names: ["selectMany"], needed: ({ manyPaths }) => manyPaths },
  // Servers' clocks matter only to what they judge by them.
  {
    names: ["isMistimed"],
    needed: ({ clocked, lives }) => clocked || lives.has("expires_at") || lives.has("jwt_exp"),
    instead: "() => false",
  },
  { names: ["meets"], needed: ({ signers }) => signers.has("digest"), instead: "() => false" },
];

function has(set: ReadonlySet<string>, ...names: readonly string[]): boolean {
  return names.some((name) => set.has(name));
}
