import type { World } from "../world.ts";

/** The variable that may hold a credential or setting: `CONNECTOR_JIRA_CLOUD_API_TOKEN`. */
export function variableName(slug: string, key: string): string {
  return `CONNECTOR_${shout(slug)}_${shout(key)}`;
}

/** What the environment holds for a key; an empty variable counts as unset. */
export function fromEnvironment(slug: string, key: string, env: World["env"]): string | undefined {
  const name = variableName(slug, key);
  return Object.hasOwn(env, name) && env[name] !== "" ? env[name] : undefined;
}

function shout(text: string): string {
  return text.replace(/[^A-Za-z0-9]/g, "_").toUpperCase();
}
