import type { Signer, Template } from "../../schema/ir.ts";
import { encodeBytes } from "../crypto/encoding.ts";
import { JwtProblem } from "../crypto/jwt.ts";
import { ConnectorError } from "../errors.ts";
import { missingError, sourceOf } from "../request/refused.ts";
import type { Scope } from "../request/scope.ts";
import type { Pair } from "../request/styles.ts";
import { compileText } from "../request/template.ts";
import { type DigestChallenge, digestChallenge, signDigest } from "./digest.ts";
import { signOAuth1 } from "./oauth1.ts";
import { signAws } from "./sigv4.ts";
import type { Unsigned } from "./unsigned.ts";
import { signWsse } from "./wsse.ts";

/** Signs the requests of one profile of one connection; remembers what servers asked for. */
export interface RequestSigner {
  /** The headers that the signature adds, names in lower case. Made right before sending: clocks and nonces age. */
  sign(request: Unsigned, scope: Scope): readonly Pair[];
  /** The signature says when it was made: a server whose clock is elsewhere refuses it. */
  readonly timed: boolean;
  /** True where an answer of status 401 asks for a signature that can be made now: then the request goes again. */
  challenged(origin: string, challenge: string | undefined): boolean;
}

const never = (): boolean => false;

/** Compiles a signer; its templates are read anew for every request. */
export function createSigner(signer: Signer): RequestSigner {
  const made = signerOf(signer);
  return {
    ...made,
    sign: (request, scope) => {
      const added = made.sign(request, scope);
      for (const { name, value } of added) checkHeader(name, value);
      return added;
    },
  };
}

function signerOf(signer: Signer): RequestSigner {
  switch (signer.kind) {
    case "oauth1":
      return { sign: compileOAuth1(signer), timed: true, challenged: never };
    case "aws_sigv4":
      return { sign: compileAws(signer), timed: true, challenged: never };
    case "wsse":
      return { sign: compileWsse(signer), timed: true, challenged: never };
    case "digest":
      return createDigest(signer);
  }
}

type Of<K> = Signer extends infer S ? (S extends { readonly kind: K } ? S : never) : never;
type Sign = RequestSigner["sign"];

function compileOAuth1(signer: Of<"oauth1">): Sign {
  const consumerKey = needed(signer.consumer_key);
  const consumerSecret = needed(signer.consumer_secret);
  const token = optional(signer.token);
  const tokenSecret = optional(signer.token_secret);
  const realm = optional(signer.realm);
  const extra = signer.extra.map(({ name, value }) => ({ name, read: needed(value) }));
  return (request, scope) => {
    const given = { token: token(scope), tokenSecret: tokenSecret(scope), realm: realm(scope) };
    const value = explained(() =>
      signOAuth1(
        request,
        {
          consumerKey: consumerKey(scope),
          consumerSecret: consumerSecret(scope),
          ...(given.token === undefined ? {} : { token: given.token }),
          ...(given.tokenSecret === undefined ? {} : { tokenSecret: given.tokenSecret }),
        },
        {
          method: signer.method,
          ...(given.realm === undefined ? {} : { realm: given.realm }),
          extra: extra.map(({ name, read }) => [name, read(scope)] as const),
        },
        {
          timestamp: Math.floor(scope.time.wall() / 1000),
          nonce: encodeBytes(scope.random.bytes(16), "hex"),
        },
      ),
    );
    return [{ name: "authorization", value }];
  };
}

function compileAws(signer: Of<"aws_sigv4">): Sign {
  const service = needed(signer.service);
  const region = needed(signer.region);
  const accessKeyId = needed(signer.access_key_id);
  const secretAccessKey = needed(signer.secret_access_key);
  const sessionToken = optional(signer.session_token);
  return (request, scope) => {
    const session = sessionToken(scope);
    return signAws(
      request,
      {
        accessKeyId: accessKeyId(scope),
        secretAccessKey: secretAccessKey(scope),
        ...(session === undefined || session === "" ? {} : { sessionToken: session }),
      },
      { service: service(scope), region: region(scope) },
      scope.time.wall(),
    );
  };
}

function compileWsse(signer: Of<"wsse">): Sign {
  const username = needed(signer.username);
  const password = needed(signer.password);
  return (_, scope) => [
    {
      name: signer.header.toLowerCase(),
      value: signWsse(
        { username: username(scope), password: password(scope) },
        signer,
        scope.random.bytes(16),
        scope.time.wall(),
      ),
    },
  ];
}

/** Most origins whose challenges are kept. */
const mostChallenges = 100;

/** RFC 7616, section 3.6: the challenge of an origin serves all further requests until another comes. */
function createDigest(signer: Of<"digest">): RequestSigner {
  const username = needed(signer.username);
  const password = needed(signer.password);
  const asked = new Map<string, { readonly challenge: DigestChallenge; count: number }>();
  return {
    timed: false,
    sign: (request, scope) => {
      const known = asked.get(request.origin);
      if (!known) return [];
      known.count++;
      const value = signDigest(
        request,
        { username: username(scope), password: password(scope) },
        known.challenge,
        { cnonce: encodeBytes(scope.random.bytes(16), "hex"), count: known.count },
      );
      return [{ name: "authorization", value }];
    },
    challenged: (origin, header) => {
      const challenge = header === undefined ? undefined : digestChallenge(header);
      if (!challenge) return false;
      const before = asked.get(origin)?.challenge;
      asked.delete(origin);
      asked.set(origin, { challenge, count: 0 });
      if (asked.size > mostChallenges) asked.delete(asked.keys().next().value ?? origin);
      // Answered, and asked again without being told that the nonce was old: the password is wrong.
      return before === undefined || challenge.stale;
    },
  };
}

function needed(template: Template): (scope: Scope) => string {
  const read = compileText(template, () => asIs);
  return (scope) => {
    const text = read(scope);
    if (text !== undefined) return text;
    const [source] = template.parts.flatMap((part) =>
      typeof part === "string" ? [] : (sourceOf(part) ?? []),
    );
    throw source
      ? missingError(source)
      : new ConnectorError({
          code: "missing_credential",
          phase: "credentials",
          message: "A part of the signature is not at hand. Check the credentials of the connection.",
        });
  };
}

function optional(template: Template | undefined): (scope: Scope) => string | undefined {
  if (!template) return () => undefined;
  const read = compileText(
    { parts: template.parts.map((part) => (typeof part === "string" ? part : { ...part, optional: true })) },
    () => asIs,
  );
  return (scope) => {
    const text = read(scope);
    return text === "" ? undefined : text;
  };
}

function asIs(text: string): string {
  return text;
}

/** What the caller's values make of a header must stay one line of it, whole (RFC 9110, section 5.5). */
function checkHeader(name: string, value: string): void {
  if (/^[\t\x20-\x7e\x80-\xff]*$/.test(value) && !/^[\t ]|[\t ]$/.test(value)) return;
  throw new ConnectorError({
    code: "configuration",
    phase: "credentials",
    message: `The user name, key id or token that stands in the header "${name}" holds a character that a header cannot carry, such as a line break or a blank at its end. Check the credentials.`,
  });
}

function explained<T>(sign: () => T): T {
  try {
    return sign();
  } catch (thrown) {
    if (!(thrown instanceof JwtProblem)) throw thrown;
    throw new ConnectorError({
      code: "configuration",
      phase: "credentials",
      message: `The request cannot be signed. ${thrown.message}`,
    });
  }
}
