import type { JwtRecipe } from "../../schema/ir.ts";
import { decodeBytes } from "../crypto/encoding.ts";
import { JwtProblem, signJwt } from "../crypto/jwt.ts";
import { ConnectorError } from "../errors.ts";
import { compileStructure } from "../request/body.ts";
import type { Scope } from "../request/scope.ts";
import { compileText } from "../request/template.ts";

/** A token made by a recipe, and its life in milliseconds. */
export interface MadeToken {
  readonly token: string;
  readonly lifeMs: number;
}

/** Compiles a recipe. The token says `iat` and `exp` by the scope's clock, unless the author's claims do. */
export function compileRecipe(recipe: JwtRecipe): (scope: Scope) => MadeToken {
  const key = compileText(recipe.key);
  const keyId = recipe.key_id && compileText(recipe.key_id);
  const claims = compileStructure(recipe.claims);
  const headers = recipe.headers.map(({ name, value }) => ({ name, read: compileText(value) }));
  return (scope) => {
    const iat = Math.floor(scope.time.wall() / 1000);
    const written = claims(scope);
    const all = { iat, exp: iat + recipe.ttl_seconds, ...(typeof written === "object" ? written : {}) };
    const header = Object.fromEntries(headers.map(({ name, read }) => [name, read(scope)]));
    const kid = keyId?.(scope);
    try {
      const bytes = keyBytes(key(scope) ?? "", recipe.key_encoding);
      const token = signJwt(recipe.algorithm, bytes, all, kid === "" ? undefined : kid, header);
      const exp = Number(all.exp);
      return {
        token,
        lifeMs: Number.isFinite(exp) ? exp * 1000 - scope.time.wall() : recipe.ttl_seconds * 1000,
      };
    } catch (thrown) {
      if (!(thrown instanceof JwtProblem)) throw thrown;
      throw new ConnectorError({
        code: "configuration",
        phase: "credentials",
        message: `The token cannot be signed. ${thrown.message} Check the key under \`credentials\`.`,
      });
    }
  };
}

function keyBytes(key: string, encoding: JwtRecipe["key_encoding"]): string | Uint8Array {
  if (!encoding) return key;
  const bytes = decodeBytes(key, encoding);
  if (!bytes) throw new JwtProblem(`The key is not written in ${encoding}.`);
  return bytes;
}
