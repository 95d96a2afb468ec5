/** JSON Web Tokens (RFC 7519) that the client signs itself. */
import type { JwtPlan, ProfilePlan } from "../../schema/standalone-plan.ts";
import { marginMs } from "../credentials/life.ts";
import { decodeBytes, encodeBytes } from "../crypto/encoding.ts";
import { JwtProblem, signJwt } from "../crypto/jwt.ts";
import { type Credentials, credentialsOf, type Holder, type Source } from "./credentials.ts";
import { failure } from "./errors.ts";
import { asIs, build, render, type Scope } from "./template.ts";

export interface MadeToken {
  readonly token: string;
  readonly lifeMs: number;
}

/** The token says `iat` and `exp` by the scope's clock, unless the author's claims do. */
export async function tokenOf(plan: JwtPlan, scope: Scope): Promise<MadeToken> {
  const { algorithm, key, encoding, id, headers, claims, seconds } = plan;
  const wall = scope.time.wall();
  const iat = Math.floor(wall / 1000);
  const all = { iat, exp: iat + seconds, ...Object(build(claims, scope, asIs)) };
  const header = Object.fromEntries(headers.map(([name, value]) => [name, render(value, scope)]));
  const kid = (id && render(id, scope)) || undefined;
  const text = render(key, scope) ?? "";
  const exp = Number(all.exp);
  try {
    const bytes = encoding ? decodeBytes(text, encoding) : text;
    if (bytes === undefined) throw new JwtProblem(`The key is not written in ${encoding}.`);
    const token = algorithm.startsWith("HS")
      ? signJwt(algorithm, bytes, all, kid, header)
      : await signByPrivateKey(algorithm, text, all, kid, header);
    return { token, lifeMs: Number.isFinite(exp) ? exp * 1000 - wall : seconds * 1000 };
  } catch (thrown) {
    if (!(thrown instanceof JwtProblem)) throw thrown;
    throw failure(
      "configuration",
      `The token cannot be signed. ${thrown.message} Check the key under \`credentials\`.`,
      {
        phase: "credentials",
      },
    );
  }
}

/** By a key in PKCS#8 (RFC 5958): RS256 (RFC 7518, section 3.3) and ES256 (section 3.4), by Web Crypto. */
async function signByPrivateKey(
  algorithm: string,
  pem: string,
  claims: object,
  kid: string | undefined,
  header: object,
): Promise<string> {
  const kind =
    algorithm === "RS256"
      ? { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }
      : { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const body = /-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----/.exec(pem)?.[1];
  const bytes = decodeBytes(body ?? "", "base64") as Uint8Array<ArrayBuffer>;
  const part = (value: object): string => encodeBytes(JSON.stringify(value), "base64url");
  const input = `${part({ typ: "JWT", ...header, alg: algorithm, ...(kid === undefined ? {} : { kid }) })}.${part(claims)}`;
  try {
    const key = await crypto.subtle.importKey("pkcs8", bytes, kind, false, ["sign"]);
    const signature = await crypto.subtle.sign(kind, key, new TextEncoder().encode(input));
    return `${input}.${encodeBytes(new Uint8Array(signature), "base64url")}`;
  } catch {
    throw new JwtProblem(`The key is no private key for ${algorithm} in PKCS#8 (BEGIN PRIVATE KEY).`);
  }
}

/** Credentials whose token is signed here, again a little before it ends. */
export function jwtHolder(
  profile: ProfilePlan,
  recipe: JwtPlan,
  source: Source,
  now: () => number,
  scope: (credentials: Credentials) => Scope,
): Holder {
  let held: Credentials | undefined;
  const adopt = async (fields: Credentials["fields"]): Promise<Credentials> => {
    if (held && held.fields === fields && now() < held.renewAt) return held;
    const { token, lifeMs } = await tokenOf(recipe, scope(credentialsOf(profile, fields)));
    const until = now() + lifeMs;
    held = credentialsOf(profile, fields, [["t:", token]], until - marginMs(lifeMs), until);
    return held;
  };
  return {
    current: async () => adopt(await source.current()),
    peek: () => held,
    renew: async (refused) => {
      const fields = await source.replace(refused.fields);
      // A server may take a token once only: another one, once.
      if (!fields && held === refused) held = undefined;
      return adopt(fields ?? (await source.current()));
    },
  };
}
