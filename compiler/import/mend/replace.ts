import type { Diagnostic } from "../../../schema/diagnostic.ts";
import type { Draft } from "../importer.ts";

/** What a descriptor cannot be without, in words of our own. */
const metadata: { readonly [key: string]: string } = {
  name: "Imported API",
  slug: "imported-api",
  version: "0.1.0",
  description: "An API, imported from its description.",
  publisher: "Unknown",
};

/** Gives what an error points at another value, where the descriptor cannot be without one. Returns whether it did. */
export function replaceAt({ descriptor, notes }: Draft, { path, message }: Diagnostic): boolean {
  const [, top = "", key = ""] = path.split("/");
  if (path === "/base_url") {
    const others = (descriptor.connection_config ?? []).filter((setting) => setting.key !== "base_url");
    descriptor.base_url = "{base_url}";
    descriptor.connection_config = [
      ...others,
      { key: "base_url", label: "Address of the server", format: "uri" },
    ];
    notes.lose(path, `The address of the API is to be given: ${message}`, descriptor, "base_url");
    return true;
  }
  const value = top === "metadata" ? metadata[key] : undefined;
  if (value === undefined || Reflect.get(descriptor.metadata, key) === value) return false;
  Reflect.set(descriptor.metadata, key, value);
  notes.lose(path, `Written anew: ${message}`, descriptor.metadata, key);
  return true;
}
