import { X509Certificate } from "node:crypto";
import { lookup as systemLookup } from "node:dns";
import type { LookupFunction, Socket } from "node:net";
import { connect as connectTcp, isIP } from "node:net";
import type { SecureContext, TLSSocket } from "node:tls";
import { connect as connectTls, createSecureContext, rootCertificates } from "node:tls";
import type { Clock } from "../ports.ts";
import { isPromise } from "../settled.ts";
import type { JoinPool } from "./carrier.ts";
import { hostOf, isLoopbackName, judgeAddress, portOf } from "./destination.ts";
import type { Failure } from "./failure.ts";
import { codeOf, connectFailure, handshakeFailure } from "./failure.ts";
import { http1 } from "./http1.ts";
import type { Lookup, LookupAddress } from "./lookup.ts";
import type { NetworkRules } from "./network-rules.ts";
import { allowsName } from "./network-rules.ts";
import { type HttpProxy, isProxied, openTunnel, secureProxy } from "./proxy.ts";

/** Where sockets of one origin lead. */
export interface Target {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  /** A rule names the host, so its private addresses are meant. */
  readonly named: boolean;
}

/** How sockets are made. */
export interface ConnectSettings {
  readonly rules: NetworkRules;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly lookup?: Lookup;
  readonly proxy?: HttpProxy;
  /** Private authorities, beside the known ones; made once for all origins. */
  readonly secureContext?: SecureContext;
}

/** An open connection, and the version of HTTP that both sides have agreed to. */
export type Connected =
  | { readonly protocol: "1.1" | "2"; readonly join: JoinPool }
  | { readonly failure: Failure };

/** Opens sockets to one target, `http2`: which may speak it; over TLS a session is taken up again where the server allows it. */
export type Connector = (done: (result: Connected) => void, http2?: boolean) => () => void;

/** The target that an origin stands for. */
export function targetOf(url: URL, rules: NetworkRules): Target {
  const host = hostOf(url);
  const port = portOf(url);
  return { host, port, secure: url.protocol === "https:", named: allowsName(host, port, rules) };
}

/** A TLS context that trusts the known authorities and these (PEM). Throws where that is no certificate. */
export function trusting(ca: string): SecureContext {
  new X509Certificate(ca); // the context takes anything, and trusts nobody by it
  return createSecureContext({ ca: [...rootCertificates, ca] });
}

/** A TLS context that shows a client's certificate, and trusts these authorities beside the known ones. */
export function presenting(
  client: { readonly certificate: string; readonly key: string },
  ca: string | undefined,
): SecureContext {
  return createSecureContext({
    cert: client.certificate,
    key: client.key,
    ...(ca === undefined ? {} : { ca: [...rootCertificates, ca] }),
  });
}

/**
 * Makes the connector of a target. Its function starts one connection and answers how to give it up; `done` is
 * called once, unless given up. The socket's own address is judged after the TCP handshake and before any byte is
 * written, the ClientHello included: a look-up hook alone is never asked about IP literals.
 */
export function createConnector(target: Target, settings: ConnectSettings): Connector {
  let session: Buffer | undefined;
  const place = `${target.host}:${target.port}`;
  const proxy = isProxied(settings.proxy, target.host, target.port) ? settings.proxy : undefined;
  const first = proxy
    ? { host: proxy.host, port: proxy.port, ...(settings.lookup ? { lookup: settings.lookup } : {}) }
    : { host: target.host, port: target.port, lookup: judgedLookup(target, settings) };

  return (done, http2 = false) => {
    let open = true;
    const timer = settings.clock.timer(settings.timeoutMs, () =>
      finish({
        failure: { kind: "timeout", message: `cannot connect to ${place} within ${settings.timeoutMs} ms` },
      }),
    );
    const tcp = connectTcp({ ...first, noDelay: true, keepAlive: true });
    /** What leads to the target: the connection itself, or a tunnel. */
    let way: Socket = tcp;
    let socket: Socket | TLSSocket = tcp;
    tcp.on("error", (error) =>
      finish({ failure: failureOf(error, (plain) => connectFailure(plain, proxy ? "the proxy" : place)) }),
    );
    tcp.once("connect", () => {
      if (proxy) {
        if (proxy.secure)
          secureProxy(tcp, proxy, settings.secureContext, (tls) => tunnel(tls, proxy), proxyBroke);
        else tunnel(tcp, proxy);
        return;
      }
      const judgement = judgeAddress(tcp.remoteAddress ?? "", target.port, settings.rules, target.named);
      if (!judgement.allowed) finish({ failure: blocked(place, judgement.reason) });
      else if (target.secure) secure();
      else openHttp1(tcp);
    });

    function tunnel(through: Socket, via: HttpProxy): void {
      way = through;
      socket = through;
      openTunnel(through, via, target, (failure) => {
        if (failure) finish({ failure });
        else if (target.secure) secure();
        else openHttp1(through);
      });
    }

    function proxyBroke(error: Error): void {
      finish({ failure: handshakeFailure(error, "the proxy") });
    }

    function secure(): void {
      const tls = connectTls({
        socket: way,
        host: target.host,
        ...(isIP(target.host) === 0 ? { servername: target.host } : {}), // RFC 6066, 3: no literal addresses
        ...(settings.secureContext === undefined ? {} : { secureContext: settings.secureContext }),
        ...(session === undefined ? {} : { session }),
        ALPNProtocols: http2 ? ["h2", "http/1.1"] : ["http/1.1"],
      });
      socket = tls;
      tls.on("session", (ticket) => {
        session = ticket;
      });
      const broke = (error: Error): void => finish({ failure: handshakeFailure(error, place) });
      tls.on("error", broke);
      tls.once("secureConnect", () => {
        if (tls.alpnProtocol !== "h2") openHttp1(tls);
        else
          openHttp2(tls)
            .catch(notLoaded)
            .finally(() => tls.off("error", broke)); // the session tells it now
      });
    }

    function openHttp1(ready: Socket): void {
      const speaking = http1();
      if (isPromise(speaking)) speaking.then((late) => joinHttp1(ready, late), notLoaded);
      else joinHttp1(ready, speaking);
    }

    /** It may have been closed while undici was loaded. */
    function joinHttp1(ready: Socket, { Connection }: typeof import("./connection.ts")): void {
      if (!open) return;
      if (ready.destroyed)
        finish({ failure: { kind: "reset", message: `${place} closed the connection before it was used` } });
      else
        finish({
          protocol: "1.1",
          join: (host) => host.joined([new Connection(host.origin, ready, host.settings, host)]),
        });
    }

    /** Loaded when a server first offers it. */
    async function openHttp2(tls: TLSSocket): Promise<void> {
      const { openSession } = await import("./http2-open.ts");
      if (!open) return;
      openSession(tls, originOf(target), place, (opened) =>
        finish("failure" in opened ? opened : { protocol: "2", join: opened.session }),
      );
    }

    /** As with sockets, the process may have no free file descriptor. */
    function notLoaded(cause: unknown): void {
      const message = `cannot speak HTTP with ${place}: a part of the runtime cannot be read (${codeOf(cause)})`;
      finish({ failure: { kind: "refused", message, cause } });
    }

    function finish(result: Connected): void {
      if (!open) return;
      open = false;
      timer.cancel();
      if ("failure" in result) destroy();
      done(result);
    }

    function destroy(): void {
      socket.destroy();
      way.destroy();
      tcp.destroy();
    }

    return () => {
      if (!open) return;
      open = false;
      timer.cancel();
      destroy();
    };
  };
}

function originOf({ host, port }: Target): string {
  return `https://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** Thrown through Node's connect to say that a resolved address is refused. */
class BlockedAddress extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** What the rules say of a look-up that they refused. */
export function refusalOf(error: Error): Failure | undefined {
  return error instanceof BlockedAddress ? error.failure : undefined;
}

function failureOf(error: Error, describe: (error: Error) => Failure): Failure {
  return refusalOf(error) ?? describe(error);
}

function blocked(place: string, reason: string): Failure {
  return {
    kind: "blocked",
    message: `the connection to ${place} is refused: ${reason}; where that is meant, list it in network.allow`,
  };
}

/** Resolves all addresses and refuses the name when any of them is; `localhost` keeps those that are allowed. */
export function judgedLookup(target: Target, settings: ConnectSettings): LookupFunction {
  const lookup: Lookup = settings.lookup ?? systemLookup;
  return (host, options, callback) => {
    lookup(host, { ...options, all: true }, (error, answer, family) => {
      if (error) return callback(error, "", 0);
      const addresses =
        typeof answer === "string" ? [{ address: answer, family: family ?? isIP(answer) }] : answer;
      const judged = judgeAll(addresses, target, settings.rules);
      const [first] = judged.allowed;
      if (judged.failure !== undefined) return callback(new BlockedAddress(judged.failure), "", 0);
      if (first === undefined) return callback(noAddress(host), "", 0);
      if (options.all === true) return callback(null, judged.allowed);
      return callback(null, first.address, first.family);
    });
  };
}

function judgeAll(
  addresses: readonly LookupAddress[],
  target: Target,
  rules: NetworkRules,
): { allowed: LookupAddress[]; failure?: Failure } {
  const allowed: LookupAddress[] = [];
  let failure: Failure | undefined;
  for (const entry of addresses) {
    const judgement = judgeAddress(entry.address, target.port, rules, target.named);
    if (judgement.allowed) allowed.push(entry);
    else failure ??= blocked(`${target.host}:${target.port}`, judgement.reason);
  }
  const partly = isLoopbackName(target.host) && allowed.length > 0;
  return failure === undefined || partly ? { allowed } : { allowed, failure };
}

function noAddress(host: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`no address for ${host}`), { code: "ENOTFOUND", syscall: "getaddrinfo" });
}
