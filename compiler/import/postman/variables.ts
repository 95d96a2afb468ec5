/** What a collection's `{{variables}}` are: settings of a connection, parameters of a call, or credentials. */
import type { ConnectionSetting } from "../../../schema/descriptor.ts";
import { templateName } from "../names.ts";
import { isHarmless, isPlainAddress, isSecretName } from "../observed/secrecy.ts";
import { redacted } from "../observed/vault.ts";
import { shortText } from "../prose.ts";
import { fromMustache, holesOf } from "../request/mustache.ts";
import { type Entry, entriesAt } from "./collection.ts";

/** Names of what is the same for every call of a connection. */
const settled =
  /version|^v$|base|prefix|root|^env|stage|region|locale|lang|tenant|workspace|account|org|realm|shop|site/i;

export class Variables {
  readonly #declared: ReadonlyMap<string, Entry>;
  /** In how many requests' paths each stands, of how many requests. */
  readonly #counts = new Map<string, number>();
  #requests = 0;
  readonly settings: Map<string, ConnectionSetting> = new Map();

  constructor(collection: unknown) {
    const entries = entriesAt(collection, "variable").filter(({ isDisabled }) => !isDisabled);
    this.#declared = new Map(entries.map((entry) => [entry.name, entry]));
  }

  /** To be told of all paths before any is judged. */
  count(path: string): void {
    this.#requests += 1;
    for (const name of new Set(holesOf(path))) this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  /** The collection's value, its own variables put in; undefined where it has none that may be written. */
  valueOf(name: string, depth = 0): string | undefined {
    const value = this.#declared.get(name)?.value.trim();
    if (value === undefined || value === "" || value.includes(redacted) || depth > 5) return undefined;
    const whole = value.replace(
      /\{\{\s*([^{}]+?)\s*\}\}/g,
      (hole, inner: string) => this.valueOf(inner, depth + 1) ?? hole,
    );
    return whole.includes("{{") ? undefined : whole;
  }

  descriptionOf(name: string): string | undefined {
    return shortText(this.#declared.get(name)?.description, 500);
  }

  isSecret(name: string): boolean {
    return this.#declared.get(name)?.type === "secret" || isSecretName(name);
  }

  /** Whether a variable of a path stays the same over the calls of a connection. */
  isSetting(name: string): boolean {
    if (this.isSecret(name) || name.startsWith("$")) return false;
    const count = this.#counts.get(name) ?? 0;
    const isCommon = count >= 3 && count * 2 >= this.#requests;
    return isCommon || (settled.test(name) && !/id$|key$|slug$/i.test(name));
  }

  /** Declares a setting, and gives its key. */
  setting(name: string, more: Partial<ConnectionSetting> = {}): string {
    const key = templateName(name);
    if (this.settings.has(key)) return key;
    const value = this.valueOf(name);
    const isOpen = value !== undefined && (isHarmless(name, value) || isPlainAddress(value));
    const description = this.descriptionOf(name);
    this.settings.set(key, {
      key,
      ...(description === undefined ? {} : { description }),
      ...(isOpen ? { default_value: value } : {}),
      ...more,
    });
    return key;
  }

  /** A text of `auth` as a template: its variables are settings. */
  template(text: string): string {
    return fromMustache(text, (name) => this.setting(name));
  }
}
