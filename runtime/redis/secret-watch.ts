/** Tells of changes to secrets and leases: by a message of Redis, and by looking where one was missed. */
import type { Clock, StateKey, TimerHandle } from "../ports.ts";
import { limited } from "./availability.ts";
import { disconnect, duplicate, type RedisClient } from "./connect.ts";

/** How often a topic is looked at that somebody waits for; a message is faster. */
const lookMs = 1_000;
const lookLimitMs = 1_000;

/** What stands in Redis: `endsInMs` of the lease, where there is an owner. */
export interface Look {
  readonly fence: string;
  readonly owner: string;
  readonly endsInMs: number;
}

interface Topic {
  readonly name: string;
  readonly key: StateKey;
  readonly watchers: Set<() => void>;
  /** Undefined until it was looked at or told of. */
  fence: string | undefined;
  owner: string;
  /** When the lease ends that was seen last, by the runtime's clock. */
  endsAt: number;
}

export interface SecretWatchOptions {
  readonly client: RedisClient;
  readonly clock: Clock;
  readonly look: (key: StateKey) => Promise<Look>;
  readonly nameOf: (key: StateKey) => string;
}

export class SecretWatch {
  readonly #options: SecretWatchOptions;
  readonly #topics = new Map<string, Topic>();
  #listener: RedisClient | undefined;
  #timer: TimerHandle | undefined;
  #timerAt: number = Number.POSITIVE_INFINITY;
  #closed = false;

  constructor(options: SecretWatchOptions) {
    this.#options = options;
  }

  subscribe(key: StateKey, changed: () => void): () => void {
    const name = this.#options.nameOf(key);
    const topic = this.#topics.get(name) ?? this.#open(name, key);
    // A set of their own functions, so that the same callback may subscribe twice.
    const watcher = (): void => changed();
    topic.watchers.add(watcher);
    return () => {
      topic.watchers.delete(watcher);
      if (topic.watchers.size > 0 || this.#topics.get(name) !== topic) return;
      this.#topics.delete(name);
      void this.#listener?.unsubscribe(name).catch(() => undefined);
    };
  }

  /** A lease was taken here that ends by itself: looked at then, so that who waits hears of it. */
  leased(key: StateKey, owner: string, ttlMs: number): void {
    const topic = this.#topics.get(this.#options.nameOf(key));
    if (topic === undefined) return;
    topic.owner = owner;
    this.#ends(topic, ttlMs);
  }

  /** A write or a release of this process: its watchers need not wait for the message. */
  changed(key: StateKey, fence: number | undefined): void {
    const topic = this.#topics.get(this.#options.nameOf(key));
    if (topic === undefined) return;
    if (fence === undefined) this.#stands(topic, topic.fence, "");
    else {
      topic.fence ??= "";
      this.#stands(topic, String(fence), topic.owner);
    }
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
    this.#topics.clear();
    if (this.#listener !== undefined) disconnect(this.#listener);
  }

  #open(name: string, key: StateKey): Topic {
    const topic: Topic = { name, key, watchers: new Set(), fence: undefined, owner: "", endsAt: 0 };
    this.#topics.set(name, topic);
    this.#listen(name);
    void this.#look(topic);
    this.#lookIn(lookMs);
    return topic;
  }

  /** The connection that listens is made when the first one waits. */
  #listen(name: string): void {
    if (this.#listener === undefined) {
      const listener = duplicate(this.#options.client);
      this.#listener = listener;
      listener.on("message", (channel: string, message: string) => this.#told(channel, message));
      // What was subscribed to before there was a connection, and after each new one.
      listener.on("ready", () => this.#subscribeAll());
      return;
    }
    if (this.#listener.status === "ready") void this.#listener.subscribe(name).catch(() => undefined);
  }

  #subscribeAll(): void {
    const names = [...this.#topics.keys()];
    if (names.length > 0) void this.#listener?.subscribe(...names).catch(() => undefined);
    for (const topic of this.#topics.values()) void this.#look(topic);
  }

  #told(channel: string, message: string): void {
    const topic = this.#topics.get(channel);
    const [fence = "", owner = ""] = message.split(" ");
    if (topic !== undefined) this.#stands(topic, fence, owner);
  }

  /** Tells the watchers where this is news: another fence, or an owner who is gone. */
  #stands(topic: Topic, fence: string | undefined, owner: string): void {
    const isNews =
      (topic.fence !== undefined && fence !== topic.fence) || (topic.owner !== "" && owner !== topic.owner);
    topic.fence = fence;
    topic.owner = owner;
    if (!isNews) return;
    for (const watcher of topic.watchers)
      queueMicrotask(() => {
        if (topic.watchers.has(watcher)) watcher();
      });
  }

  async #look(topic: Topic): Promise<void> {
    try {
      const { clock, look } = this.#options;
      const { fence, owner, endsInMs } = await limited(clock, look(topic.key), lookLimitMs);
      if (this.#topics.get(topic.name) !== topic) return;
      this.#stands(topic, fence, owner);
      if (owner !== "") this.#ends(topic, endsInMs);
    } catch {
      // Whoever asks the store next is told what is wrong with it.
    }
  }

  #lookIn(ms: number): void {
    const at = this.#options.clock.now() + Math.min(ms, lookMs);
    if (this.#closed || this.#timerAt <= at) return;
    this.#timer?.cancel();
    this.#timerAt = at;
    this.#timer = this.#options.clock.timer(Math.min(ms, lookMs), () => {
      this.#timerAt = Number.POSITIVE_INFINITY;
      if (this.#topics.size === 0) return;
      const now = this.#options.clock.now();
      let next = lookMs;
      for (const topic of this.#topics.values()) {
        void this.#look(topic);
        if (topic.endsAt > now) next = Math.min(next, topic.endsAt - now);
      }
      this.#lookIn(next);
    });
  }

  #ends(topic: Topic, inMs: number): void {
    topic.endsAt = this.#options.clock.now() + inMs + 1;
    this.#lookIn(inMs + 1);
  }
}
