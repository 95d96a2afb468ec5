/** Addresses of servers as documents write them, and what of that can be called. */

/** A URL as a descriptor takes it, or a path below an address that the user gives. */
export interface ServerUrl {
  /** With its holes; undefined where nothing can be made of it. */
  readonly url: string | undefined;
  readonly isRelative: boolean;
  /** What was understood otherwise than it stands. */
  readonly remarks: readonly string[];
}

/** Reads the address of a server: of the forms that are no https URL those are mended of which the meaning is plain. */
export function readServerUrl(raw: string): ServerUrl {
  const remarks: string[] = [];
  const text = raw.replace(/[?#].*$/s, "").trim();
  const absolute = withScheme(text.startsWith("//") ? `https:${text}` : text, remarks);
  if (absolute.startsWith("{")) return { url: absolute, isRelative: false, remarks };
  if (!/^[a-z][a-z0-9+.-]*:/i.test(absolute)) {
    const path = absolute.replace(/^(?:\.{1,2}(?:\/|$))+/, "").replace(/^\/*/, "/");
    return isPath(path)
      ? { url: path.replace(/\/+$/, ""), isRelative: true, remarks }
      : unusable(text, remarks);
  }
  const parts = /^(https?):\/\/(?:[^/@]*@)?([^/]*)(.*)$/is.exec(absolute);
  const [, scheme = "", host = "", path = ""] = parts ?? [];
  if (!parts || !isHost(host) || !isPath(path)) return unusable(text, remarks);
  if (absolute.includes("@") && absolute.indexOf("@") < absolute.length - path.length)
    remarks.push("A user name or password in the document's address is left out.");
  const isLocal = /^(?:localhost|127\.|\[::1\])/i.test(host);
  // Credentials go over https alone, whatever an old document says; a server on one's own machine is left as it is.
  const isRaised = scheme.toLowerCase() === "http" && !isLocal;
  if (isRaised) remarks.push("The document says http: credentials are sent over https alone.");
  const name = host.replace(/\.$/, "");
  return {
    url: `${isRaised ? "https" : scheme}://${isRaised ? name.replace(/:80$/, "") : name}${path.replace(/(?:\/\.)+(?=\/|$)/g, "")}`,
    isRelative: false,
    remarks,
  };
}

/** How well a server serves as the one that calls go to: the less the better. */
export function rankServer(raw: string): number {
  const { url, isRelative } = readServerUrl(raw);
  if (url === undefined || isRelative) return 2;
  return /^https?:\/\/(?:localhost|127\.|\[::1\])/i.test(url) ? 1 : 0;
}

/** A socket's address is that of its host, and a host without a scheme is one all the same. */
function withScheme(text: string, remarks: string[]): string {
  if (/^wss?:\/\//i.test(text)) {
    remarks.push("The document names a socket: calls go to the same host over https.");
    return text.replace(/^wss?/i, "https");
  }
  if (/^localhost(?=[:/]|$)/i.test(text)) return `http://${text}`;
  if (!/^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?::\d+)?(?=\/|$)/i.test(text)) return text;
  remarks.push("The document names no scheme: calls are made over https.");
  return `https://${text}`;
}

function unusable(text: string, remarks: readonly string[]): ServerUrl {
  const shown = text.replace(/\/\/[^/@]*@/, "//").slice(0, 200);
  const remark = `The document's server is no address that can be called: ${shown}`;
  return { url: undefined, isRelative: true, remarks: text === "" ? remarks : [...remarks, remark] };
}

/** Names, numbers and holes, parted by dots, with a port that there is. */
function isHost(host: string): boolean {
  const [, name = "", port] =
    /^(\[[0-9a-f:.]+\]|.*?)(?::(\d+|\{[^{}]+\}))?$/is.exec(host.replaceAll(/\{[^{}]+\}/g, "{x}")) ?? [];
  if (port !== undefined && !port.startsWith("{") && (Number(port) > 65_535 || Number(port) === 0))
    return false;
  if (name.startsWith("[")) return true;
  const labels = name.replaceAll("{x}", "x").replace(/\.$/, "").split(".");
  return labels.every((label) => /^[\p{L}\p{M}\p{N}_-]+$/u.test(label));
}

/** What a URL can hold, without ways up. */
function isPath(path: string): boolean {
  const text = path.replaceAll(/\{[^{}]+\}/g, "x");
  return /^[^\s<>{}\\^`"|]*$/.test(text) && !text.split("/").includes("..");
}
