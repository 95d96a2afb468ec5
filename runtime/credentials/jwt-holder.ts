import type { JwtRecipe } from "../../schema/ir.ts";
import type { Awaitable, Clock } from "../ports.ts";
import type { Scope, Values } from "../request/scope.ts";
import { conceal } from "../secrets/secret.ts";
import { isPromise } from "../settled.ts";
import { type Credentials, noCredentials } from "./credentials.ts";
import type { FieldSource } from "./field-source.ts";
import type { CredentialHolder } from "./holder.ts";
import { marginMs } from "./life.ts";
import { compileRecipe } from "./recipe.ts";

/** Credentials whose token is signed here, again a little before it ends. */
export function jwtHolder(options: {
  readonly recipe: JwtRecipe;
  readonly source: FieldSource;
  readonly clock: Clock;
  readonly scope: (credentials: Credentials) => Scope;
}): CredentialHolder {
  const { source, clock, scope } = options;
  const make = compileRecipe(options.recipe);
  let held: Credentials | undefined;
  const adopt = (fields: Values): Credentials => {
    const now = clock.now();
    if (held && held.fields === fields && now < held.renewAt) return held;
    const { token, lifeMs } = make(scope({ ...noCredentials, fields }));
    held = {
      ...noCredentials,
      fields,
      token: conceal(token),
      renewAt: now + lifeMs - marginMs(lifeMs),
      until: now + lifeMs,
    };
    return held;
  };
  const current = (): Awaitable<Credentials> => {
    const fields = source.current();
    return isPromise(fields) ? fields.then(adopt) : adopt(fields);
  };
  return {
    current,
    peek: () => held,
    renew: async (refused) => {
      const fields = await source.replace(refused.fields);
      if (fields) return adopt(fields);
      // A server may take a token once only, or our clock may have stood still: another token, once.
      if (held === refused) held = undefined;
      return current();
    },
    rejected: () => {},
  };
}
