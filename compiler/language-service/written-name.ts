/** How a name is written at a place: quotes are kept, and added only where the name would not be read as a text. */
import type { NameForm } from "./symbols.ts";

export function writtenName(name: string, form: NameForm): string {
  switch (form) {
    case "plain":
      return isPlain(name) ? name : JSON.stringify(name);
    case "single":
      return name.replaceAll("'", "''");
    case "double":
    case "bracket":
      return JSON.stringify(name).slice(1, -1);
    case "pointer":
      return encodeURIComponent(name.replaceAll("~", "~0").replaceAll("/", "~1"));
    case "hole":
      return name;
  }
}

/** True where YAML reads the bare word as this very text, also in a flow collection. */
export function isPlain(text: string): boolean {
  return /^[A-Za-z_$][\w./$-]*$/.test(text) && !/^(?:true|false|null|y|n|yes|no|on|off)$/i.test(text);
}
