import type { Socket } from "node:net";
import { isIP } from "node:net";
import { connect as connectTls, type SecureContext } from "node:tls";
import { ConnectorError } from "../errors.ts";
import { hostOf, portOf } from "./destination.ts";
import type { Failure } from "./failure.ts";
import { parseAddress, unmapped } from "./ip-address.ts";
import type { NetworkRules } from "./network-rules.ts";
import { allowsAddress, allowsName, parseNetworkRules } from "./network-rules.ts";

/** A proxy through which sockets are opened (RFC 9110, section 9.3.6). Configured by whoever runs the service, so its own address is not judged. */
export interface HttpProxy {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  /** The value of `proxy-authorization`. */
  readonly authorization: string | undefined;
  /** Destinations that are reached without it. */
  readonly except: NetworkRules;
}

/** The most bytes that a proxy's answer to CONNECT may have before its empty line. */
const maxAnswer = 16_384;

/** Reads `network.proxy` and `network.proxyExcept`. Throws `configuration`; a password in the URL is never shown. */
export function parseProxy(text: string, except: readonly string[]): HttpProxy {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.pathname !== "/" || url.search !== "" || url.hash !== "")
    throw new ConnectorError({
      code: "configuration",
      phase: "configuration",
      message:
        "network.proxy is no URL of a proxy. Write http://host:port or https://host:port, with user:password@ before the host if it asks for them.",
    });
  const user = decoded(url.username);
  const password = decoded(url.password);
  return {
    host: hostOf(url),
    port: portOf(url),
    secure: url.protocol === "https:",
    authorization:
      user === "" && password === ""
        ? undefined
        : `Basic ${Buffer.from(`${user}:${password}`, "utf8").toString("base64")}`,
    except: parseNetworkRules(except),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** True where a destination is reached through the proxy. */
export function isProxied(proxy: HttpProxy | undefined, host: string, port: number): proxy is HttpProxy {
  if (proxy === undefined) return false;
  const address = parseAddress(host);
  return address
    ? !allowsAddress(unmapped(address), port, proxy.except)
    : !allowsName(host, port, proxy.except);
}

/** TLS to the proxy itself, before it is asked for anything. */
export function secureProxy(
  tcp: Socket,
  proxy: HttpProxy,
  secureContext: SecureContext | undefined,
  done: (socket: Socket) => void,
  failed: (error: Error) => void,
): void {
  const tls = connectTls({
    socket: tcp,
    host: proxy.host,
    ...(isIP(proxy.host) === 0 ? { servername: proxy.host } : {}),
    ...(secureContext === undefined ? {} : { secureContext }),
    ALPNProtocols: ["http/1.1"],
  });
  tls.on("error", failed);
  tls.once("secureConnect", () => done(tls));
}

/** Asks the proxy for a tunnel to `host:port`; `done` is called once, with a failure where it gives none. */
export function openTunnel(
  socket: Socket,
  proxy: HttpProxy,
  target: { readonly host: string; readonly port: number },
  done: (failure: Failure | undefined) => void,
): void {
  const name = target.host.includes(":") ? `[${target.host}]` : target.host;
  const authority = `${name}:${target.port}`;
  let answer: Buffer = Buffer.alloc(0);
  const finish = (failure: Failure | undefined): void => {
    socket.off("data", read);
    socket.off("close", closed);
    socket.pause();
    done(failure);
  };
  const read = (chunk: Buffer): void => {
    answer = Buffer.concat([answer, chunk]);
    const end = answer.indexOf("\r\n\r\n");
    if (end < 0 && answer.length <= maxAnswer) return;
    const status = /^HTTP\/1\.[01] (\d{3})/.exec(answer.subarray(0, 64).toString("latin1"))?.[1];
    // A server that speaks before it is asked has no place behind a tunnel: TLS and HTTP begin with the client.
    const clean = end >= 0 && end + 4 === answer.length;
    if (status?.startsWith("2") && clean) finish(undefined);
    else finish(refusal(authority, status));
  };
  const closed = (): void =>
    finish({
      kind: "reset",
      message: `the proxy closed the connection instead of opening a tunnel to ${authority}`,
    });
  socket.on("data", read);
  socket.once("close", closed);
  socket.write(
    `CONNECT ${authority} HTTP/1.1\r\nhost: ${authority}\r\n${
      proxy.authorization === undefined ? "" : `proxy-authorization: ${proxy.authorization}\r\n`
    }\r\n`,
  );
}

function refusal(authority: string, status: string | undefined): Failure {
  if (status === "407")
    return {
      kind: "proxy",
      message: `the proxy asks for credentials, or refuses those of network.proxy, for a tunnel to ${authority} (407)`,
    };
  const what = status === undefined ? "does not answer as a proxy" : `answered ${status}`;
  const passing = status === "502" || status === "503" || status === "504";
  return {
    kind: passing ? "refused" : "proxy",
    message: `the proxy ${what} when asked for a tunnel to ${authority}`,
  };
}
