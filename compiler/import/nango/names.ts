/** What the names of an entry become in its descriptor, and which settings and fields that takes. */
import type { ConnectionSetting } from "../../../schema/descriptor.ts";
import { templateName } from "../names.ts";
import type { Notes } from "../notes.ts";
import { shortText } from "../prose.ts";
import type { Entry, EntryField } from "./entry.ts";
import { alternatives, type Names, translate } from "./template.ts";

type Scalar = string | number | boolean;

/** Collects the settings that an entry's templates name, and says what each name means. */
export class EntryNames {
  readonly #entry: Entry;
  readonly #notes: Notes;
  readonly #settings: Map<string, ConnectionSetting> = new Map();
  readonly #used: Set<string> = new Set();
  /** Settings of the catalogue that are secret: fields of the profile here. */
  readonly #secrets: Set<string> = new Set();
  /** Values of token answers and redirects: used as `{oauth.x}`. */
  readonly #received: ReadonlyMap<string, string>;
  readonly #own: ReadonlyMap<string, string>;

  constructor(entry: Entry, own: Readonly<Record<string, string>>, notes: Notes) {
    this.#entry = entry;
    this.#notes = notes;
    this.#own = new Map(Object.entries(own));
    const paths = [...(entry.token_response_metadata ?? []), ...(entry.redirect_uri_metadata ?? [])];
    // A setting that the user may also give stays a setting where it has a bound of its own.
    this.#received = new Map(
      paths.filter((path) => !this.#field(path)?.pattern).map((path) => [path, flat(path)]),
    );
  }

  get settings(): readonly ConnectionSetting[] {
    return [...this.#settings.values()];
  }

  /** Settings that templates have named, as the entry calls them. */
  get used(): ReadonlySet<string> {
    return this.#used;
  }

  get secrets(): readonly string[] {
    return [...this.#secrets];
  }

  #field(name: string): EntryField | undefined {
    const fields = this.#entry.connection_config;
    return fields && Object.hasOwn(fields, name) ? fields[name] : undefined;
  }

  readonly name: Names = (name) => {
    const own = this.#own.get(name);
    if (own !== undefined) return own;
    if (name.startsWith("whole:")) return `config.${flat(name.slice("whole:".length))}`;
    const [root = "", ...rest] = name.split(".");
    const key = rest.join(".");
    if (root === "credentials" && key !== "") return flat(key);
    // One entry forgets the root.
    if (rest.length === 0 && this.#field(root)) return this.name(`connectionConfig.${root}`);
    if (root !== "connectionConfig" || key === "") return undefined;
    this.#used.add(key);
    const received = this.#received.get(key);
    if (received !== undefined && this.#entry.auth_mode !== "TWO_STEP") return `oauth.${received}`;
    if (received !== undefined) return received;
    if (this.#field(key)?.secret) {
      this.#secrets.add(flat(key));
      return flat(key);
    }
    this.#add(key, boundOf(this.#field(key)));
    return `config.${flat(key)}`;
  };

  text(template: Scalar): string {
    return translate(this.withBases(String(template)), this.name);
  }

  /** A text of which only the first alternative can be said; the second may be a setting's default. */
  first(template: Scalar, place: string): string {
    const [first = "", ...more] = alternatives(String(template));
    const text = this.text(first);
    for (const other of more)
      if (!this.#takesDefault(first, other))
        this.#notes.lose(place, `Where its settings are not given, the catalogue takes ${other} instead.`);
    return text;
  }

  /** `https://${connectionConfig.host}/x || https://other.com/x`: the setting is other.com unless given. */
  #takesDefault(first: string, other: string): boolean {
    const [, before = "", name = "", after = ""] =
      /^([^$]*)\$\{connectionConfig\.([\w-]+)\}([^$]*)$/.exec(first) ?? [];
    const setting = this.#settings.get(flat(name));
    if (!setting || !other.startsWith(before) || !other.endsWith(after) || other.includes("${")) return false;
    const fallback = other.slice(before.length, other.length - after.length);
    if (!/^[\w-]+(?:\.[\w-]+)+$/.test(fallback) || after.startsWith(".")) return false;
    if (setting.enum && !setting.enum.includes(fallback)) return false;
    setting.default_value ??= fallback;
    return true;
  }

  #add(name: string, bound: Partial<ConnectionSetting>): void {
    const key = flat(name);
    if (this.#settings.has(key)) return;
    const setting: ConnectionSetting = { key, ...describe(this.#field(name)), ...bound };
    this.#settings.set(key, setting);
    if (this.#field(name)?.automated)
      this.#notes.lose(
        `/connection_config/${name}`,
        `The catalogue finds ${name} by itself after the login; here each connection is given it.`,
        setting,
      );
    if (this.#field(name)?.pattern && bound.pattern === undefined)
      this.#notes.lose(
        `/connection_config/${name}/pattern`,
        `The pattern ${this.#field(name)?.pattern} needs look-around, which no engine runs in linear time.`,
        setting,
      );
  }

  /**
   * A host that brings a path along, or more labels than one, is the whole beginning of a URL here: a setting that
   * holds it with its scheme and with what follows it in the host.
   */
  withBases(template: string): string {
    return template.replace(
      /^https:\/\/\$\{connectionConfig\.(\w+)\}([^/]*)/,
      (whole, name: string, rest: string) => {
        const field = this.#field(name);
        if (!field || !isBase(field, rest)) return whole;
        this.#used.add(name);
        this.#add(name, baseOf(field, rest));
        return `\${whole:${name}}`;
      },
    );
  }
}

/** What a setting that begins with its scheme may be. */
function baseOf(field: EntryField, rest: string): Partial<ConnectionSetting> {
  const whole = (value: string): string => (value.startsWith("https://") ? value : `https://${value}${rest}`);
  const pattern = field.pattern?.replace(schemeOf, "").replace(/\$$/, "");
  const [first, ...more] = field.enum ?? [];
  return {
    ...(field.example === undefined ? {} : { example: whole(field.example) }),
    ...(field.default ? { default_value: whole(field.default) } : {}),
    ...(first !== undefined
      ? { enum: [whole(first), ...more.map(whole)] }
      : pattern === undefined
        ? { format: "uri" }
        : { pattern: `https://${pattern}` }),
  };
}

/** What a person reads of a setting. */
function describe(field: EntryField = {}): Partial<ConnectionSetting> {
  const label = shortText(field.title, 200);
  const description = shortText(field.description, 500);
  const example = shortText(field.example, 500);
  return {
    ...(label === undefined ? {} : { label }),
    ...(field.optional ? { required: false } : {}),
    ...(description === undefined ? {} : { description }),
    ...(example === undefined ? {} : { example }),
    ...(field.default ? { default_value: field.default } : {}),
  };
}

const settingFormats: ReadonlyMap<string, "hostname" | "uri" | "email" | "uuid"> = new Map([
  ["hostname", "hostname"],
  ["uri", "uri"],
  ["email", "email"],
  ["uuid", "uuid"],
]);

function boundOf(field: EntryField = {}): Partial<ConnectionSetting> {
  const format = settingFormats.get(field.format ?? "");
  const [first, ...more] = field.enum ?? [];
  return {
    ...(first === undefined ? {} : { enum: [first, ...more] }),
    // Engines that are linear in the text run no look-around.
    ...(field.pattern && !/\(\?[=!<]/.test(field.pattern) ? { pattern: field.pattern } : {}),
    ...(format === undefined ? {} : { format }),
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

/** A dotted name as one word that templates take. */
export function flat(name: string): string {
  const word = name.replaceAll(".", "_");
  return /^[A-Za-z_][\w-]*$/.test(word) ? word : templateName(word);
}
