import { type FSWatcher, watch } from "node:fs";
import { basename, dirname } from "node:path";
import type { Clock, StateKey, TimerHandle } from "../ports.ts";
import { isLive, type LeasesDocument, recordName, type SecretsDocument, topicName } from "./file-document.ts";

/** What the watch reads: the documents as they were seen last, and anew. */
export interface Watched {
  readonly path: string;
  readonly clock: Clock;
  /** Between two looks where the system tells of no changes. */
  readonly pollMs: number;
  last(): { readonly secrets: SecretsDocument; readonly leases: LeasesDocument };
  /** Reads both files, after what this process writes just now. */
  look(): Promise<void>;
}

interface Topic {
  readonly key: StateKey;
  readonly watchers: Set<() => void>;
  /** What the watchers know of. */
  fence: number;
  lease: string | undefined;
}

/** Tells subscribers what this process and others write; each change once. */
export class FileWatch {
  readonly #files: Watched;
  readonly #topics: Map<string, Topic> = new Map();
  #watcher: FSWatcher | undefined;
  #poll: TimerHandle | undefined;
  #looking = false;

  constructor(files: Watched) {
    this.#files = files;
  }

  subscribe(key: StateKey, changed: () => void): () => void {
    const name = topicName(key);
    const topic = this.#topics.get(name) ?? { key, watchers: new Set(), ...this.#now(key) };
    this.#topics.set(name, topic);
    // A function of its own, so that the same callback may subscribe twice.
    const watcher = (): void => changed();
    topic.watchers.add(watcher);
    this.#start();
    return () => {
      topic.watchers.delete(watcher);
      if (topic.watchers.size === 0 && this.#topics.get(name) === topic) this.#topics.delete(name);
      if (this.#topics.size === 0) this.close();
    };
  }

  /** This process wrote a record. */
  wrote(key: StateKey, fence: number): void {
    const topic = this.#topics.get(topicName(key));
    if (!topic) return;
    topic.fence = fence;
    tell(topic);
  }

  /** This process took a lease. */
  leased(key: StateKey, owner: string): void {
    const topic = this.#topics.get(topicName(key));
    if (topic) topic.lease = owner;
  }

  /** A lease was released or has run out. */
  leaseEnded(key: StateKey, owner: string): void {
    const topic = this.#topics.get(topicName(key));
    if (topic?.lease !== owner) return;
    topic.lease = undefined;
    tell(topic);
  }

  close(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
    this.#poll?.cancel();
    this.#poll = undefined;
  }

  #now(key: StateKey): { fence: number; lease: string | undefined } {
    const { secrets, leases } = this.#files.last();
    const lease = leases.get(topicName(key));
    return {
      fence: secrets.records.get(recordName({ ...key, kind: "secret" }))?.fence ?? 0,
      lease: isLive(lease, this.#files.clock.wall()) ? lease.owner : undefined,
    };
  }

  #start(): void {
    if (this.#poll) return;
    this.#pollLater();
    const { path } = this.#files;
    const prefix = basename(path);
    try {
      this.#watcher = watch(dirname(path), { persistent: false }, (_event, name) => {
        if (name === null || name.startsWith(prefix)) void this.#look();
      });
      this.#watcher.on("error", () => this.#watcher?.close());
    } catch {
      // No watches left, or a file system that has none: the poll finds out.
    }
  }

  #pollLater(): void {
    const { clock, pollMs } = this.#files;
    this.#poll = clock.timer(pollMs, () => {
      this.#pollLater();
      void this.#look();
    });
  }

  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      await this.#files.look();
    } catch {
      // Whoever asks the store next is told what is wrong with it.
    } finally {
      this.#looking = false;
    }
    for (const topic of this.#topics.values()) {
      const { fence, lease } = this.#now(topic.key);
      const changed = fence !== topic.fence || (topic.lease !== undefined && lease !== topic.lease);
      topic.fence = fence;
      topic.lease = lease;
      if (changed) tell(topic);
    }
  }
}

/** Told in a microtask, so that no watcher runs inside the caller's write. */
function tell(topic: Topic): void {
  for (const watcher of topic.watchers)
    queueMicrotask(() => {
      if (topic.watchers.has(watcher)) watcher();
    });
}
