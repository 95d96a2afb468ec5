import { CommandFailure } from "../failure.ts";
import type { RedirectTarget } from "./listener.ts";

/** How the browser comes back: to a listener on this machine, or to an address that the user copies from it. */
export type Redirect =
  | { readonly kind: "listen"; readonly target: RedirectTarget }
  | { readonly kind: "paste"; readonly redirectUri: string };

/** Reads `--port` and `--redirect-uri`. */
export function redirectOf(flags: { readonly port?: number; readonly redirectUri?: string }): Redirect {
  if (flags.port !== undefined && flags.port > 65_535)
    throw new CommandFailure("--port takes a number up to 65535");
  if (flags.redirectUri === undefined)
    return { kind: "listen", target: { host: "127.0.0.1", port: flags.port ?? 0, path: "/callback" } };
  if (flags.port !== undefined) throw new CommandFailure("--redirect-uri has its own port; leave --port out");
  if (!URL.canParse(flags.redirectUri) || new URL(flags.redirectUri).hash !== "")
    throw new CommandFailure("--redirect-uri takes an absolute URL without a fragment");
  const { protocol, hostname, port, pathname, search } = new URL(flags.redirectUri);
  if (protocol === "https:") return { kind: "paste", redirectUri: flags.redirectUri };
  if (protocol !== "http:" || !["127.0.0.1", "localhost", "[::1]"].includes(hostname) || search !== "")
    throw new CommandFailure(
      "--redirect-uri takes http://127.0.0.1:PORT/PATH (or localhost, or [::1]), where this program listens, or an https address, which you paste",
    );
  return {
    kind: "listen",
    target: { host: hostname, port: port === "" ? 80 : Number(port), path: pathname },
  };
}
