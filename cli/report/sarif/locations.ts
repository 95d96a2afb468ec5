import { resolve } from "node:path";
import type { Range } from "../../../schema/diagnostic.ts";
import { fileUri, isOutside, relativeUri } from "../place.ts";
import { plainMessage } from "./text.ts";

/** Makes SARIF's locations of names and ranges. */
export interface Locator {
  /** The base that relative URIs count from. */
  readonly base: string;
  artifact(name: string): object;
  location(name: string, range: Range, words?: { readonly message: string; readonly id?: number }): object;
}

/** `cwd` is what names count from. */
export function createLocator(cwd: string): Locator {
  const base = "%SRCROOT%";
  const artifact = (name: string): object => {
    if (name === "-") return { uri: "-", description: { text: "standard input" } };
    // A relative URI must not lead out of its base (section 3.4.4).
    return isOutside(name)
      ? { uri: fileUri(resolve(cwd, name)) }
      : { uri: relativeUri(name), uriBaseId: base };
  };
  return {
    base,
    artifact,
    location: (name, range, words) => ({
      ...(words?.id === undefined ? {} : { id: words.id }),
      physicalLocation: { artifactLocation: artifact(name), region: regionOf(range) },
      ...(words === undefined ? {} : { message: { text: plainMessage(words.message) } }),
    }),
  };
}

/** Both count lines and columns from 1, the end exclusive, in UTF-16 units (`columnKind`). */
export function regionOf({ start, end }: Range): object {
  return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
}
