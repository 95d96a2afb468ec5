import { Refused } from "./refused.ts";

const label = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

/** One label inside a host: a value there cannot move the request to another domain. */
export function checkLabel(text: string): string {
  const value = text.toLowerCase();
  if (!/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(value)) {
    throw new Refused(
      "is no label of a host name. Give letters, digits and hyphens, without dots, scheme, path or port",
    );
  }
  return value;
}

/** Labels of a host: letters, digits, hyphens, dots between. */
export function checkHost(text: string): string {
  const host = text.toLowerCase();
  if (host.length > 253 || !host.split(".").every((part) => label.test(part))) {
    throw new Refused(
      "is no host name. Give labels of letters, digits and hyphens, without scheme, path or port",
    );
  }
  return host;
}

export function checkPort(text: string): string {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw new Refused("is no port. Give a number from 1 to 65535");
  return String(port);
}

/** A whole `host[:port]`, `[v6]` included; the default port of the scheme is left out. */
export function checkAuthority(text: string, scheme: "https" | "http"): string {
  const match = /^(\[[0-9A-Fa-f:.]+\]|[^:[\]]+)(?::(\d{1,5}))?$/.exec(text);
  if (!match) {
    throw new Refused(
      `is no host[:port]. Give the bare host, such as example.com, without ${scheme}:// and without a path`,
    );
  }
  const [, host = "", port] = match;
  const checked = host.startsWith("[") ? host.toLowerCase() : checkHost(host);
  if (port === undefined) return checked;
  const digits = checkPort(port);
  return digits === (scheme === "https" ? "443" : "80") ? checked : `${checked}:${digits}`;
}
