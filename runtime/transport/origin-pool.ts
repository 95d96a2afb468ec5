import type { Clock, Slot } from "../ports.ts";
import type { Carrier, ConnectionSettings, SessionHost } from "./carrier.ts";
import type { Connected, Connector } from "./connect.ts";
import type { Exchange } from "./exchange.ts";
import type { Failure } from "./failure.ts";
import { Queue } from "./queue.ts";

/** A failure to connect serves the send that follows its grant; later sends try for themselves. */
const failureFreshMs = 50;

export interface OriginPoolOptions {
  readonly origin: string;
  readonly connect: Connector;
  readonly connections: number;
  /** HTTP/2 where the server offers it. */
  readonly http2: boolean;
  readonly settings: ConnectionSettings;
  readonly clock: Clock;
  /** Nothing is open, held or waiting any more. */
  readonly onEmpty: (pool: OriginPool) => void;
}

/**
 * The connections of one origin. A slot stands for an open connection: it is granted when one is at hand, so a
 * request that starts under it is written at once. As many slots as connections; undici queues nothing.
 */
export class OriginPool implements SessionHost {
  readonly origin: string;
  readonly #options: OriginPoolOptions;
  readonly #all = new Set<Carrier>();
  /** The one used last is on top, so that surplus ones grow old and close. */
  readonly #idle: Carrier[] = [];
  /** Connection attempts under way; each is its own cancel function. */
  readonly #connecting: (() => void)[] = [];
  readonly #slots = new Queue<(slot: Slot) => void>();
  readonly #sends = new Queue<Exchange>();
  /** Connections that serve an exchange, and those between an exchange and being free. */
  #serving = 0;
  #done: Carrier[] = [];
  #held = 0;
  #failure: { readonly failure: Failure; readonly at: number } | undefined;
  #closed = false;
  /** What the server spoke last. */
  #protocol: "1.1" | "2" | undefined;
  /** HTTP/2 is offered. */
  #http2: boolean;
  /** One connection at a time is made: a session of HTTP/2, as the next one may be, serves all who wait. */
  #oneByOne: boolean;
  #granting = false;
  #grantAgain = false;

  constructor(options: OriginPoolOptions) {
    this.origin = options.origin;
    this.#options = options;
    this.#http2 = options.http2;
    this.#oneByOne = options.http2;
  }

  get settings(): ConnectionSettings {
    return this.#options.settings;
  }

  get clock(): Clock {
    return this.#options.clock;
  }

  /** The version of HTTP that the server spoke last. */
  get protocol(): "1.1" | "2" | undefined {
    return this.#protocol;
  }

  get waiting(): number {
    return this.#slots.size;
  }

  slot(): Slot | undefined {
    const free = this.#slots.size === 0 && this.#held < this.#options.connections && this.#unreserved() > 0;
    return free ? this.#grant() : undefined;
  }

  waitForSlot(granted: (slot: Slot) => void): () => void {
    const place = this.#slots.add(granted);
    if (this.#unreserved() > 0)
      queueMicrotask(() => this.#serve()); // once the caller can leave
    else this.#connectAsNeeded();
    return () => {
      if (place.leave()) this.#trim();
    };
  }

  /** Starts the exchange, or puts it in line for a connection. */
  send(exchange: Exchange): void {
    const connection = this.#takeIdle();
    if (connection !== undefined) {
      this.#start(connection, exchange);
      return;
    }
    const failure = this.#freshFailure();
    if (failure !== undefined) {
      exchange.fail(failure);
      return;
    }
    exchange.inLine = this.#sends.add(exchange);
    this.#connectAsNeeded();
  }

  /** Takes an exchange that was aborted out of the line, where it still waits for a connection. */
  leave(exchange: Exchange): void {
    if (exchange.inLine?.leave()) this.#trim();
  }

  /** Grants every waiting slot, so that its holder hears of the close when it sends. */
  dismiss(): void {
    for (let granted = this.#slots.take(); granted !== undefined; granted = this.#slots.take()) {
      granted(this.#grant());
    }
  }

  /** Breaks all connections, and settles when they are gone. */
  close(): Promise<void> {
    this.#closed = true;
    this.dismiss();
    for (const cancel of this.#connecting.splice(0)) cancel();
    const gone = new Promise<void>((resolve) => {
      this.#whenGone = resolve;
    });
    for (const connection of this.#all) connection.destroy();
    if (this.#all.size === 0) this.#whenGone();
    return gone;
  }

  #whenGone: () => void = () => {};

  // --- what connections tell ---

  /**
   * The connection is free a turn of the loop later: by then its parser has closed it where it must not be used again.
   * undici writes on it after one more turn, and only where the server neither closed it nor sent what nobody asked
   * for. One turn serves all connections that are done in it.
   */
  done(connection: Carrier): void {
    this.#serving--;
    if (this.#done.push(connection) === 1) setImmediate(this.#afterTurn);
  }

  readonly #afterTurn = (): void => {
    const done = this.#done;
    this.#done = [];
    for (const connection of done) this.#rest(connection);
    this.#serve();
  };

  gone(connection: Carrier): void {
    this.#all.delete(connection);
    const at = this.#idle.indexOf(connection);
    if (at >= 0) this.#idle.splice(at, 1);
    if (this.#closed) {
      if (this.#all.size === 0) this.#whenGone();
      return;
    }
    this.#connectAsNeeded();
    this.#tellWhenEmpty();
  }

  reroute(exchange: Exchange): boolean {
    if (this.#closed) return false;
    this.send(exchange);
    return true;
  }

  room(): number {
    return this.#closed ? 0 : this.#options.connections - this.#all.size;
  }

  joined(carriers: readonly Carrier[]): void {
    for (const carrier of carriers) {
      this.#all.add(carrier);
      this.#rest(carrier);
    }
    this.#serve();
    this.#trim();
  }

  wantsHttp1(): void {
    this.#http2 = false;
    this.#oneByOne = false;
  }

  // --- slots and connections ---

  #grant(): Slot {
    this.#held++;
    return new HeldSlot(this.#released);
  }

  readonly #released = (): void => {
    this.#held--;
    if (this.#slots.size > 0) {
      // Where every connection is taken there is nothing to serve with: the next that is done serves all who wait.
      if (this.#idle.length > 0 || this.#hasRoom()) this.#serve();
    } else if (this.#all.size === 0) this.#tellWhenEmpty();
  };

  /** Idle connections that no slot holder counts on. */
  #unreserved(): number {
    return this.#idle.length - Math.max(0, this.#held - this.#serving - this.#sends.size);
  }

  /** Whoever is granted a slot may give it back within the grant: that is heard here, not by a call within the call. */
  #serve(): void {
    if (this.#granting) {
      this.#grantAgain = true;
      return;
    }
    this.#granting = true;
    try {
      do {
        this.#grantAgain = false;
        this.#serveInTurn();
      } while (this.#grantAgain);
    } finally {
      this.#granting = false;
    }
  }

  #serveInTurn(): void {
    if (this.#closed) return;
    while (this.#sends.size > 0) {
      const connection = this.#takeIdle();
      if (connection === undefined) break;
      const exchange = this.#sends.take();
      if (exchange === undefined || exchange.settled) this.#rest(connection);
      else this.#start(connection, exchange);
    }
    while (this.#held < this.#options.connections && this.#unreserved() > 0) {
      const granted = this.#slots.take();
      if (granted === undefined) break;
      granted(this.#grant());
    }
    this.#connectAsNeeded();
  }

  #start(connection: Carrier, exchange: Exchange): void {
    this.#serving++;
    if (!connection.serve(exchange)) this.#rest(connection);
  }

  #rest(connection: Carrier): void {
    if (connection.idle || !connection.free) return;
    connection.idle = true;
    this.#idle.push(connection);
  }

  #takeIdle(): Carrier | undefined {
    for (let connection = this.#idle.pop(); connection !== undefined; connection = this.#idle.pop()) {
      connection.idle = false;
      if (connection.alive) return connection;
    }
    return undefined;
  }

  /** New connections that are wanted: for every send and slot that waits, less those on the way or soon free. */
  #wanted(): number {
    const waiting = this.#sends.size + Math.min(this.#slots.size, this.#options.connections - this.#held);
    const soonFree = this.#all.size - this.#idle.length - this.#serving;
    return waiting - soonFree - Math.max(0, this.#unreserved());
  }

  #hasRoom(): boolean {
    return this.#all.size + this.#connecting.length < this.#options.connections;
  }

  #connectAsNeeded(): void {
    if (this.#closed) return;
    while (this.#hasRoom() && this.#wanted() > this.#connecting.length) {
      if (this.#oneByOne && this.#connecting.length > 0) break;
      this.#connect();
    }
  }

  /** After somebody left: gives up connection attempts that nobody waits for, the newest first. */
  #trim(): void {
    while (this.#connecting.length > Math.max(0, this.#wanted())) this.#connecting.pop()?.();
    this.#tellWhenEmpty();
  }

  #connect(): void {
    const cancel = this.#options.connect((result) => {
      this.#connecting.splice(this.#connecting.indexOf(cancel), 1);
      if ("failure" in result) {
        this.#connectFailed(result.failure);
        return;
      }
      this.#failure = undefined;
      this.#take(result);
    }, this.#http2);
    this.#connecting.push(cancel);
  }

  #take({ protocol, join }: Exclude<Connected, { readonly failure: Failure }>): void {
    this.#oneByOne = protocol === "2";
    this.#protocol = protocol;
    join(this);
    this.#serve();
  }

  #connectFailed(failure: Failure): void {
    this.#oneByOne = false; // nobody waits for the failures of others
    const exchange = this.#sends.take();
    if (exchange !== undefined) {
      exchange.fail(failure);
    } else {
      this.#failure = { failure, at: this.#options.clock.now() };
      if (this.#held < this.#options.connections) this.#slots.take()?.(this.#grant());
    }
    this.#connectAsNeeded();
    this.#tellWhenEmpty();
  }

  #freshFailure(): Failure | undefined {
    const last = this.#failure;
    this.#failure = undefined;
    return last !== undefined && this.#options.clock.now() - last.at <= failureFreshMs
      ? last.failure
      : undefined;
  }

  #tellWhenEmpty(): void {
    const used = this.#all.size + this.#connecting.length + this.#held + this.#slots.size + this.#sends.size;
    if (used === 0 && !this.#closed) this.#options.onEmpty(this);
  }
}

/** Given back once; a second time does nothing. */
class HeldSlot implements Slot {
  #released: (() => void) | undefined;

  constructor(released: () => void) {
    this.#released = released;
  }

  release(): void {
    const released = this.#released;
    this.#released = undefined;
    released?.();
  }
}
