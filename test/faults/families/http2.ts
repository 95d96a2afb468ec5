/** What only a server of HTTP/2 can do: with its streams, its session, its windows. */
import type { Settings } from "node:http2";
import * as h2 from "../../support/http2/frames.ts";
import type { FrontRequest } from "../../support/http2/front.ts";
import {
  everywhere,
  type Fault,
  type FrontAct,
  fails,
  ok,
  type Scene,
  type Sights,
  unlessWrite,
} from "../fault.ts";

/** It broke where the request may have been done: read again, but not written again. */
const broken: Sights = unlessWrite(fails("network_error", 3, true), fails("network_error", 1, true));
/** The server says that it was not: a write may go again, too. */
const refused: Sights = everywhere(fails("network_error", 3, true));
const late: Sights = everywhere({ code: "deadline_exceeded", retryable: true });
const again = "Call again later. After a write without a key: look first, it may have been done";
const notDone = "Call again later: nothing was done";
const slow = "Raise `timeoutMs`, or call again later. After a write: look first, it may have been done";

const reset = ({ id, send }: FrontRequest, code: number): void =>
  send(h2.frame(h2.type.rst, 0, id, h2.numbers(code)));
const goaway = ({ send }: FrontRequest, last: number, code: number): void =>
  send(h2.frame(h2.type.goaway, 0, 0, h2.numbers(last, code)));
const head = ({ id, send }: FrontRequest): void =>
  send(
    h2.headers(id, [
      [":status", "200"],
      ["content-type", "application/json"],
    ]),
  );
const data = ({ id, send }: FrontRequest, body: Buffer, end: boolean): void =>
  send(h2.frame(h2.type.data, end ? h2.flag.endStream : 0, id, body));
const answer = (request: FrontRequest, body: Buffer): void => {
  head(request);
  data(request, body, true);
};

/** The server has done it; then this becomes of the answer. */
const done =
  (then: (request: FrontRequest, body: Buffer) => void): FrontAct =>
  (request) =>
    request.carry((body) => then(request, body));

const always = (name: string, act: FrontAct, seen: Sights, todo: string): Fault => ({
  name,
  front: { act },
  seen,
  todo,
});
/** The first request meets it, the others are carried on. */
const once = (name: string, act: FrontAct, seen: Sights, todo: string): Fault =>
  always(`${name}, once`, (request, n) => (n === 1 ? act(request, n) : request.carry()), seen, todo);

/** What the server allows its client (RFC 9113, section 6.5.2). */
const withSettings = (settings: Settings, fault: Fault): Fault => ({
  ...fault,
  ...(fault.front ? { front: { ...fault.front, settings } } : {}),
});

const codes = [
  ["NO_ERROR", h2.code.noError],
  ["INTERNAL_ERROR", h2.code.internalError],
  ["CANCEL", h2.code.cancel],
  ["ENHANCE_YOUR_CALM", h2.code.enhanceYourCalm],
] as const;

const resetBeforeHead = codes.map(([name, code]) =>
  always(
    `a stream reset before the head of the answer (${name})`,
    done((request) => reset(request, code)),
    broken,
    again,
  ),
);
/** REFUSED_STREAM after the head comes too late to be believed. */
const resetLater = [...codes, ["REFUSED_STREAM", h2.code.refusedStream] as const].flatMap(([name, code]) => [
  always(
    `a stream reset after the head of the answer (${name})`,
    done((request) => {
      head(request);
      reset(request, code);
    }),
    broken,
    again,
  ),
  always(
    `a stream reset in the body (${name})`,
    done((request, body) => {
      head(request);
      data(request, body.subarray(0, 9), false);
      reset(request, code);
    }),
    broken,
    again,
  ),
]);

const refuse: FrontAct = (request) => reset(request, h2.code.refusedStream);
const leaveOut: FrontAct = (request) => goaway(request, Math.max(0, request.id - 2), h2.code.noError);
const arrivedStreams = (scene: Scene): boolean => scene.streams() > 0;

export const http2Faults: readonly Fault[] = [
  ...resetBeforeHead,
  ...resetLater,
  always("a stream that the server refuses (REFUSED_STREAM)", refuse, refused, notDone),
  once("a stream that the server refuses (REFUSED_STREAM)", refuse, everywhere(ok(2)), "Nothing"),
  always("a GOAWAY that leaves the stream out", leaveOut, refused, notDone),
  once("a GOAWAY that leaves the stream out", leaveOut, everywhere(ok(2)), "Nothing"),
  always(
    "a GOAWAY that takes the stream in, and its answer",
    done((request, body) => {
      goaway(request, request.id, h2.code.noError);
      answer(request, body);
    }),
    everywhere(ok(1)),
    "Nothing",
  ),
  always(
    "a GOAWAY that takes the stream in, and the end of the connection",
    done((request) => {
      goaway(request, request.id, h2.code.noError);
      request.socket.end();
    }),
    broken,
    again,
  ),
  always(
    "a GOAWAY with an error that takes the stream in",
    done((request) => goaway(request, request.id, h2.code.internalError)),
    broken,
    again,
  ),
  always(
    "a head without a status",
    done(({ id, send }) => send(h2.headers(id, [["x-a", "1"]]))),
    unlessWrite(fails("network_error", 1, false), fails("network_error", 1, false)),
    "The server is at fault: tell its owner",
  ),
  {
    ...always(
      "a stream that is not answered",
      done(() => {}),
      late,
      slow,
    ),
    stalled: arrivedStreams,
  },
  {
    ...always("a stream that stops after its head", done(head), late, slow),
    stalled: arrivedStreams,
  },
  {
    ...withSettings(
      { initialWindowSize: 1_024 },
      always(
        "a window that never opens for the upload",
        ({ stream, carry }) => {
          if (stream.endAfterHeaders) carry();
        },
        { read: ok(1), write: late.write, guarded: late.guarded },
        slow,
      ),
    ),
    upload: "x".repeat(64 * 1024),
    at: ["operation", "operation after a chain"],
    stalled: ({ method, streams }) => method !== "GET" && streams() > 0,
  },
  withSettings(
    { maxConcurrentStreams: 1 },
    once(
      "a server that allows one stream, and resets it",
      done(({ stream }) => {
        stream.end = () => stream; // the session must know of its end, and close() alone looks whole
        stream.close(h2.code.cancel);
      }),
      unlessWrite(ok(2), fails("network_error", 1, true)),
      "Nothing for a read. After a write without a key: look first, it may have been done",
    ),
  ),
];
