import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { inspect } from "node:util";
import { gzipSync } from "node:zlib";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Connection, createRuntime } from "../../../runtime/index.ts";
import {
  createFakeClock,
  createMemoryState,
  type FakeClock,
  type Handler,
  json,
  type ReceivedRequest,
  type Reply,
  type Routes,
  redirect,
  resetBeforeHeaders,
  resetMidBody,
  silence,
  startServer,
  text,
} from "../../../runtime/testing/index.ts";
import {
  type AuthKind,
  authKinds,
  canaries,
  challenging,
  descriptorOf,
  givenRoutes,
  keyKinds,
} from "../../support/auth-kinds.ts";
import { irOf } from "../../support/line.ts";
import { sampled } from "../../support/sample.ts";

const secret = "CaNaRy+/='one' <7é>";
const linesOf = (pem: string): string[] =>
  pem.split("\n").filter((line) => line.length > 16 && !line.startsWith("-"));

const html = (value: string): string =>
  value.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`).replaceAll("&#38;", "&amp;");
const percent = (value: string): string => encodeURIComponent(value);
const inJson = (value: string): string => JSON.stringify(value).slice(1, -1);

const pairsOf = (value: string): string[] => Buffer.from(value).toString("hex").match(/../g) ?? [];

/** RFC 4648, section 6, by its bits. */
function base32(value: string): string {
  const bits = Array.from(Buffer.from(value), (byte) => byte.toString(2).padStart(8, "0")).join("");
  const groups = bits.match(/.{1,5}/g) ?? [];
  const letters = groups.map(
    (group) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[Number.parseInt(group.padEnd(5, "0"), 2)],
  );
  return letters.join("");
}

/** The forms in which a server may repeat what it was sent. */
const encodings: Readonly<Record<string, (value: string) => string>> = {
  raw: (value) => value,
  base64: (value) => Buffer.from(value).toString("base64"),
  base64url: (value) => Buffer.from(value).toString("base64url"),
  hex: (value) => Buffer.from(value).toString("hex"),
  "upper hex": (value) => Buffer.from(value).toString("hex").toUpperCase(),
  percent,
  "lower percent": (value) => percent(value).replace(/%../g, (byte) => byte.toLowerCase()),
  form: (value) => new URLSearchParams([["", value]]).toString().slice(1),
  JSON: inJson,
  "ASCII JSON": (value) =>
    inJson(value).replace(
      /[^\x20-\x7e]/g,
      (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
    ),
  HTML: html,
  "HTML in JSON in a query": (value) => percent(inJson(html(value))),
  "a pair of Basic": (value) => Buffer.from(`ann:${value}`).toString("base64"),
  "a pair turned round": (value) => Buffer.from(`${value}:ann`).toString("base64"),
  "base64 of base64": (value) => Buffer.from(Buffer.from(value).toString("base64")).toString("base64"),
  "base64 of percent": (value) => Buffer.from(percent(value)).toString("base64"),
  "base64 of UTF-16": (value) => Buffer.from(value, "utf16le").toString("base64"),
  "UTF-16": (value) => Buffer.from(value, "utf16le").toString("latin1"),
  "hex with colons": (value) => pairsOf(value).join(":"),
  "upper hex with blanks": (value) => pairsOf(value).join(" ").toUpperCase(),
  "a list of bytes": (value) => [...Buffer.from(value)].join(", "),
  "numeric HTML": (value) => value.replace(/./gsu, (char) => `&#x${char.codePointAt(0)?.toString(16)};`),
  "JSON of which some is escaped": (value) =>
    value.replace(/./gs, (char, at: number) =>
      at % 2 === 0 || /["\\]/.test(char) ? `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}` : char,
    ),
  base32,
};

/** What a request says of its sender, as a server could repeat it; messages are cut at 500 characters. */
function echoOf({ target, rawHeaders, text: body }: ReceivedRequest): string {
  const own = rawHeaders.filter(([name]) => !/^(host|connection|user-agent|accept|content-.*)$/i.test(name));
  return `${target} ${own.map(([name, value]) => `${name}: ${value}`).join("; ")} ${body}`;
}

/** What goes wrong, with an answer that repeats what it should not. */
const answers: Readonly<Record<string, (said: string) => Reply>> = {
  "400": (said) =>
    json({ error: "invalid_request", error_description: said, message: said }, { status: 400 }),
  "401": (said) => json({ error: "invalid_grant", error_description: said }, { status: 401 }),
  "403 in XML": (said) => ({
    ...text(`<Error><Message>${html(said)}</Message></Error>`, { status: 403 }),
    headers: { "content-type": "text/xml" },
  }),
  "500 in HTML": (said) => ({
    ...text(`<!doctype html><title>Error</title><pre>${html(said)}</pre>`, { status: 500 }),
    headers: { "content-type": "text/html" },
  }),
  "500 in text": (said) => text(said, { status: 500 }),
  "a request id": (said) =>
    json({}, { status: 404, headers: { "x-request-id": said.replace(/[^\x21-\x7e]/g, "").slice(0, 200) } }),
  "a body that is no JSON": (said) => ({
    text: `{"a": ${said}`,
    headers: { "content-type": "application/json" },
  }),
  "403 in CDATA": (said) => ({
    ...text(`<Error><Message><![CDATA[${said}]]></Message></Error>`, { status: 403 }),
    headers: { "content-type": "text/xml" },
  }),
  "400 in gzip": (said) => ({
    status: 400,
    bytes: gzipSync(JSON.stringify({ error: "invalid_request", error_description: said })),
    headers: { "content-type": "application/json", "content-encoding": "gzip" },
  }),
  "500 in many chunks": (said) => ({
    raw: (wire) => {
      wire.write("HTTP/1.1 500 Oops\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n");
      for (const byte of Buffer.from(said))
        wire.write(Buffer.concat([Buffer.from("1\r\n"), Buffer.from([byte]), Buffer.from("\r\n")]));
      wire.write("0\r\n\r\n");
      wire.end();
    },
  }),
  "a redirect to a path": (said) => redirect(`/moved/${percent(said)}/there`),
  "a redirect elsewhere": (said) => redirect(`https://elsewhere.example/?${percent(said)}`),
  "a reset": () => resetBeforeHeaders(),
  "half a body": (said) => resetMidBody(`{"message":${JSON.stringify(said)}`),
  "no answer": () => silence(),
};

/** A token call alone: of an operation it is the caller's own data. */
const success = (said: string): Reply => json({ error: said, message: said });

/** The faults that the check of a connection meets too: it fails by the same road as a call. */
const checked = /in raw$|^no|^401/;

/** Each text that a program could come across in these values, hidden ones included. */
function textsIn(value: unknown, seen = new Set<object>()): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null || seen.has(value)) return [];
  seen.add(value);
  const inner = value instanceof Map || value instanceof Set ? [...value] : [];
  const own = Reflect.ownKeys(value).flatMap((key) => [
    String(key),
    ...textsIn(Object.getOwnPropertyDescriptor(value, key)?.value, seen),
  ]);
  return [...own, ...inner.flatMap((item) => textsIn(item, seen))];
}

/** Ends with the promise; time goes on meanwhile, for retries wait by the clock. */
async function ended<T>(clock: FakeClock, promise: Promise<T>): Promise<T> {
  let done = false;
  const mark = (): void => {
    done = true;
  };
  promise.then(mark, mark);
  while (!done) await clock.advance(500);
  return promise;
}

interface Setup {
  readonly kind: Omit<AuthKind, "proves">;
  readonly given: string;
  readonly known: readonly string[];
  /** Which part of the faults and forms this kind is tried with. */
  readonly turn: number;
}

/** Runs one kind through faults at one place; answers all that was seen, by fault, and the tokens that were sent. */
async function suffer(
  { kind, given, known, turn }: Setup,
  place: string,
): Promise<readonly [string, string[]][]> {
  const seen: [string, string[]][] = [];
  const ir = await irOf(descriptorOf(kind));
  const plain = kind.profile.includes("digest") ? { ...givenRoutes, ...challenging } : givenRoutes;
  const clock = createFakeClock(1_000);
  const server = await startServer(plain, { clock });
  const closed = await startServer({});
  await closed.close();
  onTestFinished(() => server.close());
  const attempt = async (
    name: string,
    routes: Routes,
    baseUrl: string,
    ask: (connection: Connection) => Promise<unknown>,
  ): Promise<void> => {
    const texts: unknown[] = [];
    const log = (fields: object, message: string): void => void texts.push(fields, message);
    const hear = (event: unknown): void => void texts.push(event);
    for (const name of channels) subscribe(name, hear);
    const exporter = new InMemorySpanExporter();
    const spans = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
    server.reply({ ...plain, ...routes });
    const state = createMemoryState({ clock });
    const runtime = createRuntime({
      clock,
      state,
      network: { allow: [server.host, closed.host] },
      logger: { debug: log, info: log, warn: log, error: log },
      telemetry: { listener: hear, tracer: spans.getTracer("canaries") },
    });
    const connection = runtime.connect(ir, {
      credentials: kind.credentials(given),
      config: { base_url: baseUrl },
    });
    texts.push(await ended(clock, ask(connection)));
    if (checked.test(name)) texts.push(await ended(clock, connection.check()));
    texts.push(runtime.inspect(), await state.inspect());
    await ended(clock, runtime.close());
    for (const name of channels) unsubscribe(name, hear);
    texts.push(...exporter.getFinishedSpans().map(({ name: span, attributes }) => ({ span, attributes })));
    // What signed tokens stand for, they are: whoever has one may use it.
    const tokens = server.requests.flatMap(
      (request) => echoOf(request).match(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g) ?? [],
    );
    const shown = `${inspect(texts, { depth: 12, showHidden: true, maxStringLength: null })}${JSON.stringify(texts)}`;
    const told = tokens.filter((token) => shown.includes(token)).map((token) => `shows the token ${token}`);
    seen.push([name, [...textsIn(texts), shown, ...told]]);
  };
  const call = (connection: Connection) => connection.attempt("op");
  const fail = async (name: string, reply: (request: ReceivedRequest) => Reply): Promise<void> => {
    const failing: Handler = (request, context) => {
      const route = plain["GET /x"];
      const challenged = kind.profile.includes("digest") && request.headers.authorization === undefined;
      return challenged && typeof route === "function" ? route(request, context) : reply(request);
    };
    await attempt(name, { [place]: failing, [`${place}/*`]: failing }, server.origin, call);
  };
  const echoes = Object.entries(encodings).map(
    ([name, encode]) => [name, () => `wrong ${known.map(encode).join(" and ")} .`] as const,
  );
  const [raw, ...others] = echoes;
  for (const [name, said] of [...(raw ? [raw] : []), ...sampled(others, 4, turn)])
    await fail(`400 with it in ${name}`, () => answers["400"]?.(said()) ?? json(1));
  // Further faults take turns with the forms.
  const faults = {
    ...answers,
    ...(place === "GET /x" ? {} : { "a success without what is wanted": success }),
  };
  const numbered = [...Object.entries(faults).entries()];
  for (const [, [name, answer]] of sampled(numbered, 2, turn))
    await fail(`${name} with what was sent`, (request) => answer(`wrong ${echoOf(request)} .`));
  for (const [at, [name, answer]] of sampled(numbered, 4, turn)) {
    const [form, said] = echoes[at % echoes.length] ?? ["", () => ""];
    await fail(`${name} with it in ${form}`, () => answer(said()));
  }
  const { origin } = server;
  await attempt("nobody listens", {}, closed.origin, call);
  await attempt("no TLS", {}, origin.replace("http:", "https:"), call);
  await attempt("an abort", { [place]: silence() }, origin, async (connection) => {
    const stop = new AbortController();
    const outcome = connection.attempt("op", {}, { signal: stop.signal });
    await clock.advance(10);
    stop.abort();
    return outcome;
  });
  return seen;
}

const channels = ["connectorc:call", "connectorc:attempt", "connectorc:refresh", "connectorc:circuit"];

const kinds = [
  ...Object.entries(authKinds).map(
    ([name, kind]) => [name, { kind, given: secret, known: [secret, ...Object.values(canaries)] }] as const,
  ),
  ...Object.entries(keyKinds).map(
    ([name, kind]) => [name, { kind, given: kind.key, known: [kind.key, canaries.token] }] as const,
  ),
].map(([name, setup], turn): readonly [string, Setup] => [name, { ...setup, turn }]);

describe.each(kinds)("%s", (_, setup) => {
  const places = setup.kind.at === "/token" ? ["GET /x", "POST /token"] : ["GET /x"];
  test.each(places)("shows no secret whatever goes wrong at %s", async (place) => {
    // What a token endpoint would have given is known to nobody while it fails, nor what another kind would have.
    const own = JSON.stringify(setup.kind.credentials(setup.given));
    const issues = place === "GET /x" && setup.kind.at === "/token" && !setup.kind.profile.includes("aws");
    const known = setup.known.filter(
      (value) => own.includes(inJson(value)) || (issues && value === canaries.token),
    );
    const forms = known.flatMap((value) =>
      Object.entries(encodings).map(
        ([name, encode]) => [`${name} of ${value.slice(0, 24)}`, encode(value)] as const,
      ),
    );
    const pieces = own.includes("PRIVATE KEY")
      ? linesOf(setup.given).map((line) => ["a line of the key", line] as const)
      : [];
    for (const [fault, texts] of await suffer({ ...setup, known }, place)) {
      const leaks = [...forms, ...pieces].filter(([, form]) => texts.some((text) => text.includes(form)));
      expect([fault, leaks.map(([name]) => name)]).toEqual([fault, []]);
      expect(texts.filter((text) => text.startsWith("shows the token"))).toEqual([]);
      if (fault === "400 with it in raw" && known.length > 0) expect(texts.join()).toContain("[secret]");
    }
  });
});
