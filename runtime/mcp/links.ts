import type { Clock, Random } from "../ports.ts";

/** Bytes that a link leads to. */
export interface LinkedBytes {
  readonly uri: string;
  readonly name: string;
  readonly mimeType: string;
  readonly bytes: Uint8Array;
}

interface Kept extends LinkedBytes {
  readonly tenant: string;
  readonly expires: number;
}

/** Where the bytes of answers wait to be read: for a while, for their tenant, the oldest making room. */
export class LinkStore {
  readonly #kept = new Map<string, Kept>();
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #lifeMs: number;
  readonly #mostBytes: number;
  #bytes = 0;

  constructor(clock: Clock, random: Random, lifeMs: number, mostBytes: number) {
    this.#clock = clock;
    this.#random = random;
    this.#lifeMs = lifeMs;
    this.#mostBytes = mostBytes;
  }

  /** Keeps bytes and answers their link; its name says nothing that could be guessed. */
  add(tenant: string, connector: string, content: Omit<LinkedBytes, "uri">): LinkedBytes {
    const id = Buffer.from(this.#random.bytes(18)).toString("base64url");
    const kept: Kept = {
      ...content,
      uri: `connectorc://${connector}/${id}`,
      tenant,
      expires: this.#clock.now() + this.#lifeMs,
    };
    this.#bytes += kept.bytes.length;
    this.#kept.set(kept.uri, kept);
    this.#makeRoom();
    return kept;
  }

  get(tenant: string, uri: string): LinkedBytes | undefined {
    const kept = this.#kept.get(uri);
    return kept?.tenant === tenant && this.#clock.now() < kept.expires ? kept : undefined;
  }

  list(tenant: string): readonly LinkedBytes[] {
    const now = this.#clock.now();
    return [...this.#kept.values()].filter((kept) => kept.tenant === tenant && now < kept.expires);
  }

  #makeRoom(): void {
    const now = this.#clock.now();
    for (const [uri, { bytes, expires }] of this.#kept) {
      if (this.#bytes <= this.#mostBytes && now < expires) return;
      this.#kept.delete(uri);
      this.#bytes -= bytes.length;
    }
  }
}
