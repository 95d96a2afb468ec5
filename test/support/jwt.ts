import { generateKeyPairSync, type KeyObject, verify } from "node:crypto";

/** An RSA key pair; the private half as PEM. */
export function rsaKeys(): { readonly publicKey: KeyObject; readonly pem: string } {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { publicKey, pem: privateKey.export({ type: "pkcs8", format: "pem" }).toString() };
}

export interface ReadJwt {
  readonly header: Record<string, unknown>;
  readonly claims: Record<string, unknown> & { readonly iat: number; readonly exp: number };
}

/** Header and claims of an RS256 token; throws where the signature is not of the key. */
export function readJwt(token: string, key: KeyObject): ReadJwt {
  const [header = "", claims = "", signature = ""] = token.split(".");
  const right = verify(
    "sha256",
    Buffer.from(`${header}.${claims}`),
    key,
    Buffer.from(signature, "base64url"),
  );
  if (!right) throw new Error("The signature is wrong.");
  const read = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString());
  return { header: read(header), claims: read(claims) };
}
