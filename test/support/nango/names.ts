/** What the names of an entry become in its descriptor, and which settings and fields that takes. */
import type { Entry, EntryField } from "./catalogue.ts";
import { type Names, translate } from "./template.ts";

export interface Setting {
  readonly key: string;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly format?: string;
  readonly required?: boolean;
}

/** Collects the settings that an entry's templates name, and says what each name means. */
export class EntryNames {
  readonly #entry: Entry;
  readonly #settings: Map<string, Setting> = new Map();
  /** Values of token answers and redirects: used as `{oauth.x}`. */
  readonly #received: ReadonlyMap<string, string>;
  readonly #own: Readonly<Record<string, string>>;

  constructor(entry: Entry, own: Readonly<Record<string, string>> = {}) {
    this.#entry = entry;
    this.#own = own;
    const paths = [...(entry.token_response_metadata ?? []), ...(entry.redirect_uri_metadata ?? [])];
    // A setting that the user may also give stays a setting where it has a bound of its own.
    this.#received = new Map(
      paths.filter((path) => !entry.connection_config?.[path]?.pattern).map((path) => [path, flat(path)]),
    );
  }

  get settings(): readonly Setting[] {
    return [...this.#settings.values()];
  }

  readonly name: Names = (name) => {
    const own = this.#own[name];
    if (own !== undefined) return own;
    if (name.startsWith("whole:")) return `config.${name.slice("whole:".length)}`;
    const [root = "", ...rest] = name.split(".");
    const key = rest.join(".");
    if (root === "credentials") return flat(key);
    // One entry forgets the root.
    if (rest.length === 0 && this.#entry.connection_config?.[root])
      return this.name(`connectionConfig.${root}`);
    if (root !== "connectionConfig") return undefined;
    const received = this.#received.get(key);
    if (received !== undefined && this.#entry.auth_mode !== "TWO_STEP") return `oauth.${received}`;
    if (received !== undefined) return received;
    this.#settings.set(flat(key), { key: flat(key), ...boundOf(this.#entry.connection_config?.[key]) });
    return `config.${flat(key)}`;
  };

  text(template: string | number | boolean): string {
    return translate(this.withBases(String(template)), this.name);
  }

  /**
   * A host that brings a path along, or more labels than one, is the whole beginning of a URL here: a setting that
   * holds it with its scheme and with what follows it in the host.
   */
  withBases(template: string): string {
    return template.replace(
      /^https:\/\/\$\{connectionConfig\.(\w+)\}([^/]*)/,
      (whole, name: string, rest: string) => {
        const field = this.#entry.connection_config?.[name];
        if (!field || !isBase(field, rest)) return whole;
        const listed = field.enum?.map((value) => `https://${value}${rest}`);
        const pattern = field.pattern?.replace(schemeOf, "").replace(/\$$/, "");
        this.#settings.set(name, {
          key: name,
          ...(listed
            ? { enum: listed }
            : pattern === undefined
              ? { format: "uri" }
              : { pattern: `https://${pattern}` }),
        });
        return `\${whole:${name}}`;
      },
    );
  }
}

function boundOf(field: EntryField = {}): Omit<Setting, "key"> {
  const formats = ["hostname", "uri", "email", "uuid"];
  return {
    ...(field.enum ? { enum: field.enum } : {}),
    // Engines that are linear in the text run no look-around.
    ...(field.pattern && !/\(\?[=!<]/.test(field.pattern) ? { pattern: field.pattern } : {}),
    ...(field.format && formats.includes(field.format) ? { format: field.format } : {}),
    ...(field.optional ? { required: false } : {}),
  };
}

/** The beginning of a pattern, with its scheme where it has one. */
const schemeOf = /^\^(?:https\?:\\?\/\\?\/)?/;

function isBase({ enum: listed = [], pattern = "", format }: EntryField, rest: string): boolean {
  const first = listed[0] ?? "";
  return (
    first.includes("/") ||
    (first.includes(".") && rest.startsWith(".")) ||
    /^\^https\?:/.test(pattern) ||
    /[^/]\\?\/(?!\))/.test(pattern.replace(schemeOf, "").replace(/\(.*?\)[?*]/g, "")) ||
    format === "uri"
  );
}

/** A dotted name as one word. */
export function flat(name: string): string {
  return name.replaceAll(".", "_");
}
