import { variableName } from "../../schema/language/variable-name.ts";
import type { World } from "../world.ts";

/** What the environment holds for a key; an empty variable counts as unset. */
export function fromEnvironment(slug: string, key: string, env: World["env"]): string | undefined {
  const name = variableName(slug, key);
  return Object.hasOwn(env, name) && env[name] !== "" ? env[name] : undefined;
}
