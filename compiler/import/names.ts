/** Names that a descriptor can have, made of whatever a source calls things; stable, and no two alike. */

/** Words of a name in lower case: `getUserByID`, `pets/list-all` and `X-Api-Key` come apart where a reader would part them. */
export function snakeCase(name: string): string {
  return name
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .toLowerCase();
}

/** A slug: lower-case letters, digits and hyphens, 3 to 60 of them. */
export function slugOf(name: string): string {
  const slug = snakeCase(name).replaceAll("_", "-").slice(0, 60).replace(/-+$/, "");
  return slug.length >= 3 ? slug : `${slug === "" ? "api" : slug}-api`;
}

/** A name that templates take: `[A-Za-z_][A-Za-z0-9_]*`, and none that JavaScript gives a meaning of its own. */
export function templateName(name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !isForbidden(name)) return name;
  const made = snakeCase(name);
  if (made === "") return "value";
  return /^\d/.test(made) || isForbidden(made) ? `_${made}` : made;
}

export function isForbidden(name: string): boolean {
  return name === "__proto__" || name === "constructor" || name === "prototype";
}

/** Gives each name once: a second one gets the suffix that tells it apart, else a number. */
export class Names {
  readonly #taken: Set<string>;

  constructor(taken: Iterable<string> = []) {
    this.#taken = new Set(taken);
  }

  has(name: string): boolean {
    return this.#taken.has(name);
  }

  take(name: string, suffix = ""): string {
    let free = name;
    if (this.#taken.has(free) && suffix !== "") free = `${name}_${suffix}`;
    for (let count = 2; this.#taken.has(free); count++) free = `${name}_${count}`;
    this.#taken.add(free);
    return free;
  }
}
