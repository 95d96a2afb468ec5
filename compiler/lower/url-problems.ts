import type { ParsedPart } from "../../schema/language/template.ts";

/** Why a URL's literal text cannot be one. */
export interface UrlProblem {
  readonly message: string;
  readonly help: string;
  readonly rule?: "url/scheme";
}

/** What no URL's literal text may hold, wherever it stands. */
export function literalProblem(parts: readonly ParsedPart[]): UrlProblem | undefined {
  const texts = parts.map((part) => (part.kind === "text" ? part.text : ""));
  if (texts.some((text) => /[\u0000-\u001f\u007f]/.test(text)))
    return { message: "A URL holds no line breaks or control characters.", help: "Write it on one line." };
  if (texts.some((text) => text.includes(" ")))
    return { message: "A URL holds no blanks.", help: "Remove the blank, or write it as %20." };
  if (texts.some((text) => text.includes("\\")))
    return { message: "A URL holds no backslash.", help: "Write slashes between the segments of a path." };
  const start = texts[0] ?? "";
  if (start.startsWith("//"))
    return {
      message: "A URL that begins with // has no scheme.",
      help: "Write https:// before the host, or a single slash before a path.",
      rule: "url/scheme",
    };
  // `https//host` would be a path below the base URL.
  if (/^https?(?:\/\/|;\/|\/\w+\.\w)/i.test(start))
    return {
      message: "A colon and two slashes follow the scheme of a URL.",
      help: "Write https://host/path, or a path that begins with a slash.",
      rule: "url/scheme",
    };
  const colon = start.indexOf(":");
  const isOther = colon > 0 && !start.startsWith("//", colon + 1);
  const scheme = isOther ? /^([a-z][a-z0-9+.-]*):(?:\/|.*@|$)/i.exec(start)?.[1] : undefined;
  if (scheme)
    return {
      message: `"${scheme}:" begins no URL of an API.`,
      help: "Write https://host/path, or a path that begins with a slash.",
      rule: "url/scheme",
    };
  return undefined;
}

/** The base is whole without the endpoint: it has a host, and ends before any query. */
export function baseProblem(parts: readonly ParsedPart[]): UrlProblem | undefined {
  const text = parts.map((part) => (part.kind === "text" ? part.text : "x")).join("");
  if (/[?#]/.test(text))
    return {
      message: "`base_url` has no query and no fragment.",
      help: "Put what every request sends under `defaults.query`.",
    };
  if (/^https?:\/\/(?:\/|$)/i.test(text))
    return { message: "The host is missing.", help: "Write a host after https://." };
  return undefined;
}

/** A host, with a port if need be, in which every hole is written `x`. */
export function authorityProblem(text: string, holes: boolean): UrlProblem | undefined {
  if (text === "") return { message: "The host is missing.", help: "Write a host after https://." };
  if (text.includes("@"))
    return {
      message: "A URL here holds no user name or password.",
      help: "Declare credential fields and place them with auth_headers.",
    };
  const probe = holes ? text.replace(/:x$/, ":1") : text;
  if (isAuthority(probe) && URL.canParse(`https://${probe}`)) return undefined;
  return { message: `"${text}" is no valid host.`, help: "Write a host name, with a port if need be." };
}

/** RFC 3986, section 3.2.2: an IP literal in brackets, or labels that begin and end with a letter or digit. */
function isAuthority(text: string): boolean {
  const host = text.replace(/:\d+$/, "");
  if (/^\[[0-9a-fA-F:.]+\]$/.test(host)) return true;
  return host.split(".").every(isLabel);
}

/** In any script; most are ASCII, and a pattern of whole scripts takes a millisecond to compile. */
function isLabel(label: string): boolean {
  return (
    /^[0-9A-Za-z](?:[\w-]*[0-9A-Za-z])?$/.test(label) ||
    /^[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}_-]*[\p{L}\p{N}\p{M}])?$/u.test(label)
  );
}

/** A host where a path should begin. */
export function looksLikeHost(text: string): boolean {
  return /^(?:www\.|api\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|net|org|io|dev|app|co|cloud|ai|eu|de|uk|fr)(?:[:/?]|$)/i.test(
    text,
  );
}
