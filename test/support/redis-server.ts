/**
 * A Redis of the test's own on a free port, since tests stop it, pause it and empty it; the machine's is never touched.
 * `REDIS_SERVER` names another program than `redis-server`: that of Valkey, or of another version.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createConnection, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";

export interface RedisServer {
  readonly port: number;
  readonly url: string;
  /** Where it keeps its files. */
  readonly folder: string;
  /** Ends the process at once, as a crash does. */
  kill(): Promise<void>;
  /** Starts it again on the same port, with what it has saved: nothing, unless a test has told it to. */
  start(): Promise<void>;
  /** Ends it and deletes its folder. */
  stop(): Promise<void>;
}

/** A Redis that a test only uses. */
export type SomeRedis = Pick<RedisServer, "port" | "url" | "stop">;

export interface RedisOptions {
  /** Speaks TLS alone, with this certificate (PEM), which is its own authority. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** The program's other face, with what its file is to hold. */
  readonly sentinel?: string;
}

const program = process.env.REDIS_SERVER || "redis-server";

/** Whether the program is there. In CI it has to be, and so does one that is named. */
export function hasRedis(): boolean {
  try {
    execFileSync(program, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    if (process.env.CI || process.env.REDIS_SERVER)
      throw new Error(
        `There is no ${program}: install it, these tests are never skipped where it has to be.`,
      );
    console.warn("\n*** redis-server is not installed: the tests of connectorc/redis are SKIPPED ***\n");
    return false;
  }
}

/** Whether there is a Redis to be used: the one that `REDIS_URL` names, else one of the test's own. */
export function hasSomeRedis(): boolean {
  return redisUrl() !== undefined || hasRedis();
}

/** The server that `REDIS_URL` names, left running with what was in it, or one of the test's own. */
export async function someRedis(): Promise<SomeRedis> {
  const url = redisUrl();
  if (url === undefined) return startRedis();
  return { url, port: Number(new URL(url).port || 6379), stop: async () => undefined };
}

function redisUrl(): string | undefined {
  return process.env.REDIS_URL || undefined;
}

/** Whether the program speaks TLS; says loudly where it does not. */
export function hasRedisTls(): boolean {
  if (!hasRedis()) return false;
  // Told to listen nowhere it ends at once; one that was built without TLS does not know the option.
  const { stdout, stderr } = spawnSync(program, ["--port", "0", "--tls-port", "0"], {
    encoding: "utf8",
  });
  const known = !/bad directive|unknown|FATAL CONFIG/i.test(stdout + stderr);
  if (!known) console.warn(`\n*** ${program} was built without TLS: its test is SKIPPED ***\n`);
  return known;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

export async function startRedis(
  extra: readonly string[] = [],
  { tls, sentinel }: RedisOptions = {},
): Promise<RedisServer> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "connectorc-redis-"));
  const file = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const face =
    sentinel === undefined
      ? ["--save", "", "--dir", folder]
      : [file("sentinel.conf", `dir ${folder}\n${sentinel}\n`), "--sentinel"];
  const place =
    tls === undefined
      ? ["--port", String(port)]
      : [
          ...["--port", "0", "--tls-port", String(port), "--tls-auth-clients", "no"],
          ...["--tls-cert-file", file("cert.pem", tls.cert), "--tls-key-file", file("key.pem", tls.key)],
          ...["--tls-ca-cert-file", join(folder, "cert.pem")],
        ];
  let child: ChildProcess | undefined;
  const kill = async (): Promise<void> => {
    const dying = child;
    child = undefined;
    if (dying === undefined || dying.exitCode !== null) return;
    const ended = new Promise((resolve) => dying.once("exit", resolve));
    dying.kill("SIGKILL");
    await ended;
  };
  const start = async (): Promise<void> => {
    child = spawn(program, [...face, ...place, "--bind", "127.0.0.1", ...extra], { stdio: "ignore" });
    await answers(child, port, tls?.cert);
  };
  await start();
  return {
    port,
    url: `${tls === undefined ? "redis" : "rediss"}://127.0.0.1:${port}`,
    folder,
    kill,
    start,
    stop: async () => {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Waits until the server answers PING, be it with a word about logins or about what it loads. */
async function answers(child: ChildProcess, port: number, ca: string | undefined): Promise<void> {
  const end = Date.now() + 30_000;
  while (Date.now() < end && child.exitCode === null) {
    if (await pings(port, ca)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${program} on port ${port} does not answer`);
}

function pings(port: number, ca: string | undefined): Promise<boolean> {
  return new Promise((resolve) => {
    const place = { port, host: "127.0.0.1" };
    const socket = ca === undefined ? createConnection(place) : connectTls({ ...place, ca });
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1_000, () => end(false));
    socket.once("error", () => end(false));
    socket.once(ca === undefined ? "connect" : "secureConnect", () => socket.write("PING\r\n"));
    socket.once("data", (data) => end(/^(?:\+PONG|-NOAUTH|-LOADING)/.test(data.toString())));
  });
}
