import type { World } from "../world.ts";

const reference = /^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$/;

/** True for a value that is one `${NAME}` alone. */
export function isReference(value: unknown): value is string {
  return typeof value === "string" && reference.test(value);
}

/** True for text that looks as if a variable should stand in it, but is sent as it is. */
export function hasUnreadReference(value: unknown): boolean {
  return typeof value === "string" && value.includes("${") && !reference.test(value);
}

/**
 * Credentials with each `${NAME}` that is a whole value replaced by the variable. What a variable holds is never
 * scanned again, and `${NAME}` inside a longer text is that text: a password may hold such characters.
 */
export function resolveReferences(
  written: ReadonlyMap<string, unknown>,
  at: string,
  env: World["env"],
  fail: (message: string) => never,
): ReadonlyMap<string, unknown> {
  return new Map(
    [...written].map(([key, value]) => {
      const name = typeof value === "string" ? reference.exec(value)?.[1] : undefined;
      if (name === undefined) return [key, value];
      const found = Object.hasOwn(env, name) ? env[name] : undefined;
      return [
        key,
        found ??
          fail(
            `${at}.${key} takes its value from the variable ${name}, which is not set; set it, or write the value`,
          ),
      ];
    }),
  );
}
