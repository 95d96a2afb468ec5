/** Names of files as other programs want them. */
import { isAbsolute, relative, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";

/** A name that counts from the checkout, where the file lies in it; otherwise as the command line counts it. */
export function nameInCheckout(name: string, cwd: string, checkout: string | undefined): string {
  if (checkout === undefined || !isAbsolute(checkout) || name === "-") return name;
  const inside = relative(checkout, resolve(cwd, name));
  return inside === "" || isOutside(inside) ? name : inside.split(sep).join("/");
}

/** Whether a relative path leads out of where it counts from. */
export function isOutside(name: string): boolean {
  return isAbsolute(name) || name === ".." || /^\.\.[\\/]/.test(name);
}

/** A relative name as a relative URI reference, every segment percent-encoded. */
export function relativeUri(name: string): string {
  return name
    .toWellFormed()
    .split("/")
    .map((segment) => encodeURIComponent(segment).replace(/[!'()*]/g, percent))
    .join("/");
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** The `file:` URI of a path; that of a folder ends with a slash. */
export function fileUri(path: string, kind: "file" | "folder" = "file"): string {
  const uri = pathToFileURL(path).href;
  return kind === "folder" && !uri.endsWith("/") ? `${uri}/` : uri;
}
