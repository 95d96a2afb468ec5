import { inspect } from "node:util";
import { type Connection, createRuntime, type RuntimeOptions } from "../../runtime/index.ts";
import {
  createCertificate,
  type Handler,
  json,
  type ReceivedRequest,
  type Reply,
  type Routes,
  startServer,
} from "../../runtime/testing/index.ts";
import { type Http2Front, startHttp2Front } from "../support/http2/front.ts";
import { createSceneClock, driven, type Passing, type SceneClock } from "./clock.ts";
import { type Ending, call as makeCall, readAll } from "./ending.ts";
import { type Fault, type Method, type Place, type Protocol, type Scene, situationAt } from "./fault.ts";
import { faultApi, operationOf } from "./fault-api.ts";

/** Secrets that no output may hold: of the caller, and those that servers issue. */
export const canaries: readonly string[] = [
  "CaNaRy-pin",
  "CaNaRy-key",
  "CaNaRy-ticket",
  "CaNaRy-token",
  "CaNaRy-r",
];

export const deadlineMs = 20_000;
export const mostBytes: number = 2 * 1024 * 1024;

/** What fits every place: an answer, a ticket, a token, a list. */
export const good: Reply = json({
  ok: true,
  ticket: "CaNaRy-ticket",
  access_token: "CaNaRy-token",
  expires_in: 3600,
  refresh_token: "CaNaRy-r1",
  items: [{ id: 1 }],
});

export const credentials = {
  chained: { credentials: { api_key: "CaNaRy-key" } },
  consent: {
    credentials: { client_id: "me", client_secret: "CaNaRy-key", refresh_token: "CaNaRy-r0" },
  },
};
export const parameters = { pin: "CaNaRy-pin" };

/** What came of a scene, from both sides. */
export interface Played {
  readonly scene: Scene;
  readonly ending: Ending;
  /** The longest of its calls. */
  readonly tookMs: number;
  /** All that the caller could have printed. */
  readonly shown: string;
  /** By number: requests whose answer says that nothing was done. */
  readonly refused: ReadonlySet<number>;
  readonly problems: readonly string[];
  readonly timersLeft: number;
  /** Connections that were still open at the servers after `close`. */
  readonly socketsLeft: number;
}

const refusals: ReadonlySet<number | undefined> = new Set([401, 429]);

/** Makes the fault, makes the call, closes everything. */
export async function play(
  fault: Fault,
  method: Method,
  place: Place,
  protocol: Protocol = "HTTP/1.1",
): Promise<Played> {
  const clock = createSceneClock();
  const refused = new Set<number>();
  const certificate = fault.tls
    ? createCertificate(fault.tls.certificate)
    : protocol === "HTTP/2"
      ? wellKnown
      : undefined;
  const { scene, front } = await openScene(fault, { method, place, clock, refused, certificate, protocol });
  const { failing, healthy } = scene;
  const servers = [failing, healthy, ...(front ? [front] : [])];
  const shown: unknown[] = [];
  const runtime = createRuntime(
    optionsOf(fault, clock, shown, fault.tls?.trusted === false ? undefined : certificate?.cert),
  );
  const closing: (() => Promise<unknown>)[] = servers.map(({ close }) => close);
  try {
    const origin = (await fault.origin?.(scene, (close) => void closing.push(close))) ?? scene.origin;
    const given = { profiles: credentials, config: configOf(place, origin, healthy.origin) };
    const { profile, held } = situationAt(place);
    const connection = runtime.connect(await faultApi(), { ...given, ...(held ? { profile } : {}) });
    if (held) await hold(fault, scene, connection);
    if (fault.warm) await driven(clock, runtime.connect(await faultApi(), given).call("warm"));
    await fault.before?.(scene);
    const stalled = (): Passing => fault.stalled?.(scene) ?? false;
    const { ending, tookMs } = await makeCalls(fault, scene, connection, stalled);
    const report = Promise.resolve(runtime.inspect()).catch((error: unknown) => error);
    shown.push(ending.ok ? ending.warnings : ending.error, await driven(clock, report, stalled));
    await driven(clock, runtime.close(), () => true);
    const socketsLeft = await closedAt(...servers);
    return {
      scene,
      ending,
      tookMs,
      shown: `${inspect(shown, { depth: 12, showHidden: true, maxStringLength: null })}${JSON.stringify(shown)}`,
      refused,
      problems: fault.also?.(scene) ?? [],
      timersLeft: clock.pending(),
      socketsLeft,
    };
  } finally {
    await driven(clock, runtime.close(), () => true);
    await Promise.all(closing.map((close) => close()));
  }
}

const wellKnown = createCertificate();

interface Setting extends Pick<Scene, "method" | "place" | "clock"> {
  /** Filled by number: requests whose answer says that nothing was done. */
  readonly refused: Set<number>;
  readonly certificate: { readonly key: string; readonly cert: string } | undefined;
  readonly protocol: Protocol;
}

/** Starts the servers. */
async function openScene(
  fault: Fault,
  setting: Setting,
): Promise<{ readonly scene: Scene; readonly front: Http2Front | undefined }> {
  const { method, place, clock, refused, certificate, protocol } = setting;
  const at = situationAt(place).failing === "operation" ? "/x" : "/token";
  const fine: Routes = { "* /*": good };
  const healthy = await startServer(fine, { clock });
  const failing = await startServer(fine, {
    clock,
    ...(certificate && protocol === "HTTP/1.1" ? { tls: certificate } : {}),
    ...(fault.keepAliveMs === undefined ? {} : { keepAliveMs: fault.keepAliveMs }),
  });
  let streams = 0;
  const front =
    certificate && protocol === "HTTP/2"
      ? await startHttp2Front({
          port: failing.port,
          certificate,
          ...(fault.front
            ? { settings: fault.front.settings ?? {}, request: (one) => fault.front?.act(one, ++streams) }
            : {}),
        })
      : undefined;
  const { origin } = front ?? failing;
  const arrived = (): number => failing.times(at);
  const scene: Scene = {
    place,
    method,
    clock,
    failing,
    origin,
    healthy,
    arrived,
    streams: () => streams,
  };
  failing.reply({ [`* ${at}`]: answering(fault.answers?.(scene) ?? [good], refused), ...fine });
  return { scene, front };
}

/** A runtime whose every word is kept in `shown`. */
function optionsOf(
  fault: Fault,
  clock: SceneClock,
  shown: unknown[],
  ca: string | undefined,
): RuntimeOptions {
  const log = (fields: object, message: string): void => void shown.push(fields, message);
  const network = typeof fault.network === "function" ? fault.network() : fault.network;
  return {
    clock,
    maxResponseBytes: mostBytes,
    logger: { debug: log, info: log, warn: log, error: log },
    telemetry: (event) => void shown.push(event),
    network: {
      allow: ["127.0.0.1"],
      connectTimeoutMs: 5_000,
      ...(ca === undefined ? {} : { ca }),
      ...network,
    },
    ...fault.runtime?.(clock),
  };
}

/** The failing origin stands where the fault is to be. */
function configOf(place: Place, failing: string, healthy: string): Readonly<Record<string, string>> {
  return situationAt(place).failing === "operation"
    ? { base_url: failing, first_url: healthy, token_url: healthy }
    : { base_url: healthy, first_url: healthy, token_url: failing };
}

/** The last ending, and how long the longest call took. */
async function makeCalls(
  fault: Fault,
  scene: Scene,
  connection: Connection,
  stalled: () => Passing,
): Promise<{ readonly ending: Ending; readonly tookMs: number }> {
  let tookMs = 0;
  for (let left = fault.calls ?? 1; ; left--) {
    const began = scene.clock.now();
    const ending = await driven(scene.clock, once(connection, scene, fault), stalled);
    tookMs = Math.max(tookMs, scene.clock.now() - began);
    if (left <= 1) return { ending, tookMs };
    await fault.between?.(scene);
  }
}

/** Obtains a token: what the fault is about comes later, but for a store that is not there from the beginning. */
async function hold(fault: Fault, scene: Scene, connection: Connection): Promise<void> {
  const stalled = (): Passing => (fault.stalled?.(scene) === "state" ? "state" : false);
  const health = await driven(scene.clock, connection.check(), stalled);
  if (!health.ok) throw new Error(`no token to begin with: ${health.error?.message}`);
}

function once(
  connection: Connection,
  { method, place }: Scene,
  { paged = false, upload }: Fault,
): Promise<Ending> {
  const operation = operationOf(method, situationAt(place).profile, paged);
  const given = upload === undefined || method === "GET" ? parameters : { ...parameters, text: upload };
  return (paged ? readAll : makeCall)(connection, operation, given, { timeoutMs: deadlineMs });
}

function answering(answers: readonly (Reply | Handler)[], refused: Set<number>): Handler {
  let at = 0;
  return async (request, context) => {
    const answer = answers[Math.min(at++, answers.length - 1)] ?? good;
    const reply = await (typeof answer === "function" ? answer(request, context) : answer);
    if (refusals.has(reply.status)) refused.add(request.number);
    return reply;
  };
}

/** Sockets of the client are gone at once; that the servers hear of it takes real time. */
async function closedAt(...servers: readonly { readonly open: number }[]): Promise<number> {
  const end = performance.now() + 20_000;
  const open = (): number => servers.reduce((sum, server) => sum + server.open, 0);
  while (open() > 0 && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 1));
  return open();
}

/** What a request carried, as a careless server repeats it. */
export function echo({ rawHeaders, target, text }: ReceivedRequest): string {
  return `${target} ${rawHeaders.map(([name, value]) => `${name}: ${value}`).join("; ")} ${text}`;
}
