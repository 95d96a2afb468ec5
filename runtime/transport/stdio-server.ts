/** MCP servers that the host starts, over their standard input and output (MCP 2025-11-25 and 2026-07-28, stdio). */
import type { ChildProcess } from "node:child_process";
import type { BodyLimits, Clock, Sink, Slot, TimerHandle, TransportError, WireRequest } from "../ports.ts";
import { LineReader } from "./line-reader.ts";
import { parseMessage, type RpcMessage, textHeaders } from "./rpc-message.ts";

/** How the host starts a server. Nothing of it comes from a descriptor. */
export interface ServerCommand {
  /** A program; looked for in the `PATH` of `env` where it is no path. No shell reads it. */
  readonly command: string;
  readonly args?: readonly string[];
  /** All of its environment: nothing of the host's own is passed on. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /**
   * Hears the lines of its standard error, each of up to 8 KiB, and 1 MiB of a process in all. They are as the server wrote them,
   * and may hold anything. Nobody hears them else, and no caller ever does. Of connections that share a process the first hears.
   */
  readonly stderr?: (line: string) => void;
}

/** A server that nobody calls for so long is ended, and started again when it is called. */
const idleMs = 300_000;
/** How every request of ours begins: with the one id that it has where each has an exchange of its own. */
const requestStart = '{"jsonrpc":"2.0","id":1,';
const longestErrorLine = 8 * 1024;
const mostErrorBytes = 1024 * 1024;
/** Between the end of its input, SIGTERM and SIGKILL. */
const patienceMs = 1_000;

/** The servers of one connection, each started when it is first called. */
export class StdioServers {
  readonly #servers: ReadonlyMap<string, StdioServer>;

  /** `changed`: a server says that its list of tools is another. */
  constructor(commands: Readonly<Record<string, ServerCommand>>, clock: Clock, changed: () => void) {
    this.#servers = new Map(
      Object.entries(commands).map(([name, command]) => [
        `stdio://${name}`,
        new StdioServer(name, command, clock, changed),
      ]),
    );
  }

  at(origin: string): StdioServer | undefined {
    return this.#servers.get(origin);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#servers.values()].map((server) => server.close()));
  }
}

interface Waiting {
  readonly sink: Sink;
  readonly method: string | undefined;
}

/** One process at a time. Its generation is the session: what was agreed with an earlier process is gone with it. */
export class StdioServer {
  readonly #name: string;
  readonly #command: ServerCommand;
  readonly #clock: Clock;
  readonly #changed: () => void;
  readonly #waiting = new Map<number, Waiting>();
  #child: ChildProcess | undefined;
  #starting: Promise<void> | undefined;
  #why = "it was not started";
  #generation = 0;
  #lastId = 0;
  #idle: TimerHandle | undefined;
  #closed = false;
  /** Processes that are told to end and have not ended yet. */
  readonly #ending = new Set<Promise<void>>();

  constructor(name: string, command: ServerCommand, clock: Clock, changed: () => void) {
    this.#name = name;
    this.#command = command;
    this.#clock = clock;
    this.#changed = changed;
  }

  slot(): Slot | undefined {
    return this.#child ? slot : undefined;
  }

  /** Starts the process where there is none; where it cannot be, `send` says why. */
  waitForSlot(granted: (slot: Slot) => void): () => void {
    let waiting = true;
    const grant = (): void => {
      if (waiting) granted(slot);
    };
    this.#starting ??= this.#start().finally(() => {
      this.#starting = undefined;
    });
    this.#starting.then(grant, grant);
    return () => {
      waiting = false;
    };
  }

  send(request: WireRequest, sink: Sink): () => void {
    const child = this.#child;
    const text = typeof request.body === "string" ? request.body : "";
    const message = parseMessage(text);
    if (!child?.stdin || !message) {
      const failure = this.#failure("refused", this.#why, false);
      return soon(() => sink.fail(failure));
    }
    if (this.#isOfAnother(request)) return soon(() => answer(sink, 404, [], ""));
    return text.startsWith(requestStart)
      ? this.#ask(text, message.method, request.limits, sink)
      : this.#notify(text, sink);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#starting;
    this.#end("the connection was closed");
    await Promise.all(this.#ending);
  }

  /** A session that an earlier process gave. */
  #isOfAnother({ headers }: WireRequest): boolean {
    const at = headers.indexOf("mcp-session-id");
    return at >= 0 && headers[at + 1] !== String(this.#generation);
  }

  #notify(text: string, sink: Sink): () => void {
    this.#write(text);
    return soon(() => {
      sink.sent?.();
      answer(sink, 202, [], "");
    });
  }

  /** Over HTTP an answer is known by its exchange, and here by its id. The text stays: a parser would round its numbers. */
  #ask(text: string, method: string | undefined, limits: BodyLimits, sink: Sink): () => void {
    const id = ++this.#lastId;
    this.#waiting.set(id, { sink, method });
    this.#reader.maxBytes = limits.maxBytes;
    this.#awake();
    sink.connected?.();
    sink.sent?.();
    this.#write(`{"jsonrpc":"2.0","id":${id},${text.slice(requestStart.length)}`);
    return () => {
      if (!this.#waiting.delete(id)) return;
      if (method !== "initialize")
        this.#write(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":${id}}}`);
      this.#restIfIdle();
    };
  }

  readonly #reader = new LineReader(
    (line) => this.#read(line),
    () => this.#end("it wrote a line that is too long", "too_large"),
  );

  #read(line: string): void {
    const message = parseMessage(line);
    if (!message) return;
    if (message.method !== undefined) this.#hear(message);
    else if (typeof message.id === "number") this.#answered(message.id, line);
  }

  #answered(id: number, line: string): void {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    this.#waiting.delete(id);
    this.#restIfIdle();
    const session = waiting.method === "initialize" ? ["mcp-session-id", String(this.#generation)] : [];
    answer(waiting.sink, 200, ["content-type", "application/json", ...session], line);
  }

  /** We offer nothing to servers but an answer to `ping`. */
  #hear({ id, method }: RpcMessage): void {
    if (method === "notifications/tools/list_changed") this.#changed();
    if (id === undefined) return;
    const said =
      method === "ping"
        ? { result: {} }
        : { error: { code: -32601, message: "This client offers no methods." } };
    this.#write(JSON.stringify({ jsonrpc: "2.0", id, ...said }));
  }

  #write(message: string): void {
    this.#child?.stdin?.write(`${message}\n`);
  }

  async #start(): Promise<void> {
    if (this.#child || this.#closed) return;
    const { spawn } = await import("node:child_process");
    const { command, args = [], env = {}, cwd, stderr } = this.#command;
    await new Promise<void>((resolve) => {
      const child = spawn(command, args, {
        env,
        stdio: ["pipe", "pipe", stderr ? "pipe" : "ignore"],
        ...(cwd === undefined ? {} : { cwd }),
      });
      child.once("spawn", () => {
        this.#generation++;
        this.#child = child;
        this.#reader.reset();
        this.#restIfIdle();
        resolve();
      });
      // The system's sentence names the command and its arguments, which are the host's own business.
      child.once("error", (error: NodeJS.ErrnoException) => {
        this.#why = `it cannot be started (${error.code ?? "no reason was given"})`;
        resolve();
      });
      child.once("exit", (code, signal) => this.#gone(child, `it ended (${signal ?? `exit code ${code}`})`));
      // A server that is gone reads no more; its exit tells of it.
      child.stdin?.on("error", () => {});
      child.stdout?.on("data", (chunk: Uint8Array) => {
        if (child === this.#child) this.#reader.push(chunk);
      });
      if (stderr) passErrors(child, stderr);
    });
  }

  #gone(child: ChildProcess, why: string, kind: TransportError["kind"] = "reset"): void {
    if (child !== this.#child) return;
    this.#child = undefined;
    this.#why = why;
    this.#idle?.cancel();
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { sink } of all) sink.fail(this.#failure(kind, why, true));
  }

  /** First it may end by itself, as its input does. */
  #end(why: string, kind?: TransportError["kind"]): void {
    const child = this.#child;
    if (!child) return;
    this.#gone(child, why, kind);
    const ending = this.#bury(child).finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }

  async #bury(child: ChildProcess): Promise<void> {
    child.ref();
    const left = new Promise<void>((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) resolve();
      else child.once("exit", () => resolve());
    });
    child.stdin?.end();
    const timers = [
      this.#clock.timer(patienceMs, () => child.kill("SIGTERM")),
      this.#clock.timer(2 * patienceMs, () => child.kill("SIGKILL")),
    ];
    for (const timer of timers) timer.keepAlive?.();
    await left;
    for (const timer of timers) timer.cancel();
  }

  /** A process that waits for nothing keeps nobody alive. */
  #restIfIdle(): void {
    const child = this.#child;
    if (!child || this.#waiting.size > 0) return;
    child.unref();
    for (const pipe of [child.stdin, child.stdout, child.stderr]) asSocket(pipe)?.unref();
    this.#idle?.cancel();
    this.#idle = this.#clock.timer(idleMs, () => this.#end("nobody called it"));
  }

  #awake(): void {
    this.#idle?.cancel();
    this.#child?.ref();
    asSocket(this.#child?.stdout)?.ref();
  }

  #failure(kind: TransportError["kind"], why: string, sent: boolean): TransportError {
    return { kind, message: `the MCP server ${this.#name} does not answer: ${why}`, sent };
  }
}

/** What is beyond its bounds is read and dropped: a pipe that nobody reads would stop the server. */
function passErrors({ stderr }: ChildProcess, told: (line: string) => void): void {
  let left = mostErrorBytes;
  const tell = (line: string): void => {
    if (line.trim() !== "") told(line.trimEnd());
  };
  const lines = new LineReader(tell, () =>
    told(`… a line of more than ${longestErrorLine} bytes is left out`),
  );
  lines.maxBytes = longestErrorLine;
  stderr?.on("data", (chunk: Uint8Array) => {
    if (left <= 0) return;
    left -= chunk.length;
    lines.push(chunk);
    if (left <= 0) told(`… what follows is left out: it wrote ${mostErrorBytes} bytes`);
  });
}

const slot: Slot = { release: () => {} };

/** Pipes of processes are sockets, which the types of Node do not tell. */
function asSocket(pipe: unknown): { ref(): void; unref(): void } | undefined {
  return pipe !== null && typeof pipe === "object" && "unref" in pipe
    ? (pipe as { ref(): void; unref(): void })
    : undefined;
}

/** After the caller holds the function that aborts. */
function soon(tell: () => void): () => void {
  let wanted = true;
  queueMicrotask(() => {
    if (wanted) tell();
  });
  return () => {
    wanted = false;
  };
}

function answer(sink: Sink, status: number, headers: readonly string[], body: string): void {
  sink.head(status, textHeaders(headers), { framing: "length", pause: () => {}, resume: () => {} });
  if (body !== "") sink.data(new TextEncoder().encode(body));
  sink.end();
}
