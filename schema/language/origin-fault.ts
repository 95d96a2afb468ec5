/**
 * Why an origin is refused, if it is: https, and a public name in place of an address, unless `isAllowed` says that its host
 * and port are meant. Names are judged by themselves: what they resolve to is not known here.
 */
export function originFault(
  origin: string,
  isAllowed: (host: string, port: string) => boolean,
): string | undefined {
  if (!URL.canParse(origin)) return "it is no valid URL";
  const { protocol, username, password, hostname, port } = new URL(origin);
  const host = hostname.replace(/\.$/, "");
  if (protocol !== "https:" && protocol !== "http:") return `${protocol} is not https:`;
  if (username !== "" || password !== "") return "it holds user information";
  if (isAllowed(host, port || (protocol === "https:" ? "443" : "80"))) return undefined;
  if (/^\[|^[\d.]+$/.test(host)) return `${host} is an address, and no public name`;
  if (!host.includes(".") || /(?:^|\.)(?:localhost|local|internal)$|^metadata\./.test(host))
    return `${host} is a name of a local network`;
  return protocol === "http:" ? "http is for destinations that network.allow names; use https" : undefined;
}
