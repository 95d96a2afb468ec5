import { connect } from "node:http2";
import type { TLSSocket } from "node:tls";
import type { JoinPool } from "./carrier.ts";
import { codeOf, type Failure } from "./failure.ts";
import { Http2Connection, streamsOf } from "./http2-session.ts";

export type Opened = { readonly session: JoinPool } | { readonly failure: Failure };

/** What a stream may send before it is read on: on a way of 100 ms it carries 5 MB/s. */
const streamWindow = 512 * 1024;
/** What all streams of a session may send together. Node gives it back as it comes in, read or not. */
const sessionWindow = 4 * 1024 * 1024;
/** Decoded, each field with 32 bytes more (RFC 9113, 6.5.2). What is above our own limit is refused by us, with a better word. */
const headerListBytes = 256 * 1024;

/**
 * Speaks HTTP/2 on a socket that has agreed to it. `done` is called once, when the server has sent its settings and
 * taken ours: before that neither its number of streams is known, nor do our limits hold. Who waits no longer destroys
 * the socket.
 */
export function openSession(
  socket: TLSSocket,
  origin: string,
  place: string,
  done: (opened: Opened) => void,
): void {
  const session = connect(origin, {
    createConnection: () => socket,
    settings: { enablePush: false, initialWindowSize: streamWindow, maxHeaderListSize: headerListBytes },
    maxHeaderListPairs: headerListBytes / 32,
  });
  let open = true;
  let ours = false;
  const finish = (opened: Opened): void => {
    if (!open) return;
    open = false;
    session
      .off("remoteSettings", theirs)
      .off("localSettings", taken)
      .off("goaway", broke)
      .off("close", broke);
    done(opened);
  };
  const ready = (): void => {
    if (!ours || streamsOf(session) === 0) return;
    session.setLocalWindowSize(sessionWindow);
    finish({ session: (host) => void new Http2Connection(session, socket, host) });
  };
  const theirs = (): void => ready();
  const taken = (): void => {
    ours = true;
    ready();
  };
  const broke = (): void => {
    finish({
      failure: {
        kind: "reset",
        message: `${place} closed the connection before its HTTP/2 session was open`,
      },
    });
  };
  // Always heard: later "close" says all.
  session.on("error", (error) => {
    if (codeOf(error) === "ERR_HTTP2_ERROR")
      finish({ failure: { kind: "protocol", message: `${place} does not keep to the rules of HTTP/2` } });
  });
  session.on("remoteSettings", theirs).on("localSettings", taken).on("goaway", broke).on("close", broke);
}
