/** What signs a request once the rest of it is known. */
import type { SignerPlan, Text } from "../../schema/standalone-plan.ts";
import { encodeBytes } from "../crypto/encoding.ts";
import { type DigestChallenge, digestChallenge, signDigest } from "../signing/digest.ts";
import { signOAuth1 } from "../signing/oauth1.ts";
import { signAws } from "../signing/sigv4.ts";
import type { Unsigned } from "../signing/unsigned.ts";
import { signWsse } from "../signing/wsse.ts";
import { failure } from "./errors.ts";
import { asIs, render, type Scope } from "./template.ts";

export interface Request extends Omit<Unsigned, "headers"> {
  readonly headers: ReadonlyMap<string, string>;
}

type Pair = readonly [string, string];

export interface Signer {
  /** The headers that the signature adds. */
  sign(request: Request, scope: Scope): readonly Pair[];
  /** True where a signature that the server asks for can be made now. */
  challenged?(origin: string, header: string | undefined): boolean;
}

type Of<Kind> = Extract<SignerPlan, { readonly kind: Kind }>;

const signers: { readonly [Kind in SignerPlan["kind"]]: (plan: never) => Signer } = {
  oauth1: (plan: Of<"oauth1">) => ({
    sign: (request, scope) => {
      const token = optional(plan.token, scope);
      const tokenSecret = optional(plan.tokenSecret, scope);
      const realm = optional(plan.realm, scope);
      const value = signOAuth1(
        unsigned(request),
        {
          consumerKey: needed(plan.consumerKey, scope),
          consumerSecret: needed(plan.consumerSecret, scope),
          ...(token ? { token } : {}),
          ...(tokenSecret ? { tokenSecret } : {}),
        },
        {
          method: plan.method,
          ...(realm ? { realm } : {}),
          extra: plan.extra.map(([name, text]) => [name, needed(text, scope)] as const),
        },
        { timestamp: Math.floor(scope.time.wall() / 1000), nonce: nonceOf(scope) },
      );
      return [["authorization", value]];
    },
  }),
  aws_sigv4: (plan: Of<"aws_sigv4">) => ({
    sign: (request, scope) => {
      const sessionToken = optional(plan.sessionToken, scope);
      const keys = {
        accessKeyId: needed(plan.accessKeyId, scope),
        secretAccessKey: needed(plan.secretAccessKey, scope),
        ...(sessionToken ? { sessionToken } : {}),
      };
      const place = { service: needed(plan.service, scope), region: needed(plan.region, scope) };
      return signAws(unsigned(request), keys, place, scope.time.wall()).map(
        ({ name, value }): Pair => [name, value],
      );
    },
  }),
  wsse: (plan: Of<"wsse">) => ({
    sign: (_, scope) => {
      const keys = { username: needed(plan.username, scope), password: needed(plan.password, scope) };
      return [[plan.header, signWsse(keys, plan, scope.random.bytes(16), scope.time.wall())]];
    },
  }),
  digest: (plan: Of<"digest">) => digestSigner(plan),
};

export function signerOf(plan: SignerPlan): Signer {
  const signer = signers[plan.kind](plan as never);
  return {
    ...signer,
    sign: (request, scope) => {
      const added = signer.sign(request, scope);
      for (const [name, value] of added) checkHeader(name, value);
      return added;
    },
  };
}

/** RFC 7616, section 3.6: the challenge of an origin serves all further requests until another comes. */
function digestSigner({ username, password }: Of<"digest">): Signer {
  const asked = new Map<string, { readonly challenge: DigestChallenge; count: number }>();
  return {
    sign: (request, scope) => {
      const known = asked.get(request.origin);
      if (!known) return [];
      known.count++;
      const keys = { username: needed(username, scope), password: needed(password, scope) };
      const stamp = { cnonce: nonceOf(scope), count: known.count };
      return [["authorization", signDigest(unsigned(request), keys, known.challenge, stamp)]];
    },
    challenged: (origin, header) => {
      const challenge = header === undefined ? undefined : digestChallenge(header);
      if (!challenge) return false;
      const before = asked.get(origin)?.challenge;
      asked.set(origin, { challenge, count: 0 });
      // Answered, and asked again without being told that the nonce was old: the password is wrong.
      return before === undefined || challenge.stale;
    },
  };
}

function unsigned({ headers, ...request }: Request): Unsigned {
  return { ...request, headers: [...headers].map(([name, value]) => ({ name, value })) };
}

function nonceOf({ random }: Scope): string {
  return encodeBytes(random.bytes(16), "hex");
}

function needed(text: Text, scope: Scope): string {
  const value = render(text, scope, asIs);
  if (value === undefined)
    throw failure("missing_credential", "A part of the signature is not at hand. Check the credentials.");
  return value;
}

function optional(text: Text | undefined, scope: Scope): string | undefined {
  return text && render(text, scope, asIs);
}

/** What the caller's values make of a header must stay one line of it, whole (RFC 9110, section 5.5). */
function checkHeader(name: string, value: string): void {
  if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value) || /^[\t ]|[\t ]$/.test(value))
    throw failure(
      "configuration",
      `A value in the header "${name}" holds a character that a header cannot carry. Check the credentials.`,
      {
        phase: "credentials",
      },
    );
}
