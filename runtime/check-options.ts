import { ConnectorError } from "./errors.ts";
import { suggestion } from "./suggest.ts";

/** The keys of a set of options, each once: a key that the type gains must be added, or it does not compile. */
export type KeysOf<Options> = { readonly [Key in keyof Required<Options>]: true };

/**
 * Refuses what is no object and keys that nobody reads: callers without types would find a misspelt one silently
 * ignored. `what` names the options in the message.
 */
export function checkOptions(options: unknown, known: Readonly<Record<string, true>>, what: string): void {
  if (typeof options !== "object" || options === null || Array.isArray(options))
    throw refused(`${what} must be an object${options === null ? ", not null" : ""}. Leave it out for none.`);
  for (const key of Object.keys(options)) {
    if (Object.hasOwn(known, key)) continue;
    throw refused(`${what} has the unknown key "${key}".${suggestion(key, Object.keys(known))}`, key);
  }
}

function refused(message: string, key?: string): ConnectorError {
  return new ConnectorError({
    code: "configuration",
    phase: "configuration",
    message,
    ...(key === undefined ? {} : { details: { key } }),
  });
}
