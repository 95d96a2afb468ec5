/** What the names in a source's `{{holes}}` become: credential fields, settings, or parameters of a call. */
import type { ConnectionSetting, CredentialField } from "../../../schema/descriptor.ts";
import { templateName } from "../names.ts";

export interface Meaning {
  readonly kind: "credential" | "setting" | "parameter";
  readonly name: string;
}

/** Collects the settings and the credential fields that a source's texts name. */
export class Meanings {
  readonly settings: Map<string, ConnectionSetting> = new Map();
  readonly credentials: Map<string, CredentialField> = new Map();

  /** `{{secrets.x}}`, `{{config.x}}` and plain names; `known` are settings by their own declaration. */
  of(hole: string): Meaning {
    const [, root, rest] = /^(secrets|credentials|auth|config|connection)\.(.+)$/.exec(hole) ?? [];
    if (root === undefined || rest === undefined)
      return {
        kind: this.settings.has(templateName(hole)) ? "setting" : "parameter",
        name: templateName(hole),
      };
    const name = templateName(rest);
    if (root === "config" || root === "connection") {
      if (this.credentials.has(name)) return { kind: "credential", name };
      this.setting(name);
      return { kind: "setting", name };
    }
    this.credential(name);
    return { kind: "credential", name };
  }

  setting(name: string, more: Partial<ConnectionSetting> = {}): void {
    if (!this.settings.has(name)) this.settings.set(name, { key: name, ...more });
  }

  credential(name: string, more: Partial<CredentialField> = {}): void {
    if (this.credentials.has(name)) return;
    const isPlain = /^(?:client_?id|user_?name|email)$/i.test(name);
    this.credentials.set(name, {
      key: name,
      label: name,
      ...(isPlain ? {} : { field_type: "secret" as const }),
      ...more,
    });
  }

  list(): readonly ConnectionSetting[] {
    return [...this.settings.values()];
  }

  fields(): readonly CredentialField[] {
    return [...this.credentials.values()];
  }
}
