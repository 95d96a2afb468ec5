/** Where Redis is, read from one URL. */
import { ConnectorError } from "../errors.ts";

/** What a URL says. The password is in it: it is never printed. */
export interface RedisAddress {
  readonly kind: "single" | "sentinel" | "cluster";
  readonly tls: boolean;
  readonly hosts: readonly { readonly host: string; readonly port: number }[];
  readonly username?: string;
  readonly password?: string;
  readonly db: number;
  /** The name of the master that sentinels watch. */
  readonly master?: string;
}

const kinds = { "": "single", "+sentinel": "sentinel", "+cluster": "cluster" } as const;
const form =
  /^redis(?<tls>s)?(?<kind>\+sentinel|\+cluster)?:\/\/(?:(?<username>[^:@/]*)(?::(?<password>[^@/]*))?@)?(?<hosts>[^/?#]+)(?:\/(?<path>[^?#]*))?$/;
const hostForm = /^(?<host>\[[0-9a-fA-F:.]+\]|[^:[\]]+)(?::(?<port>\d{1,5}))?$/;

/**
 * Reads `redis://[user:password@]host[:port][/db]`, `redis+sentinel://…host,host/master[/db]` and
 * `redis+cluster://…host,host`; `rediss` for TLS. Throws `configuration`, without quoting what may be a password.
 */
export function readAddress(url: string): RedisAddress {
  const found = form.exec(url)?.groups;
  if (found === undefined) throw unreadable();
  const kind = kinds[suffixOf(found.kind)];
  const hosts = (found.hosts ?? "").split(",").map((text) => readHost(text, kind));
  if (kind === "single" && hosts.length > 1) throw unreadable();
  const parts = (found.path ?? "").split("/").filter((part) => part !== "");
  const master = kind === "sentinel" ? parts.shift() : undefined;
  if (kind === "sentinel" && master === undefined) throw unreadable();
  const db = Number(parts.shift() ?? 0);
  if (!Number.isSafeInteger(db) || db < 0 || parts.length > 0 || (kind === "cluster" && db !== 0))
    throw unreadable();
  return {
    kind,
    tls: found.tls !== undefined,
    hosts,
    db,
    ...(found.username ? { username: decoded(found.username) } : {}),
    ...(found.password ? { password: decoded(found.password) } : {}),
    ...(master === undefined ? {} : { master: decoded(master) }),
  };
}

function suffixOf(text: string | undefined): keyof typeof kinds {
  return text === "+sentinel" || text === "+cluster" ? text : "";
}

function readHost(text: string, kind: RedisAddress["kind"]): { host: string; port: number } {
  const found = hostForm.exec(text)?.groups;
  const port = Number(found?.port ?? (kind === "sentinel" ? 26_379 : 6379));
  if (found?.host === undefined || port < 1 || port > 65_535) throw unreadable();
  return { host: found.host.replace(/^\[(.*)\]$/, "$1"), port };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw unreadable();
  }
}

function unreadable(): ConnectorError {
  return new ConnectorError({
    code: "configuration",
    phase: "configuration",
    message:
      "The address of the state store cannot be read. Write redis://user:password@host:port/db, redis+sentinel://host,host/master or redis+cluster://host,host; rediss for TLS; special characters percent-encoded.",
  });
}
