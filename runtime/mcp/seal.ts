import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { canonicalJson } from "../gate/canonical-json.ts";
import type { Clock } from "../ports.ts";

/** What a sealed text is for: opened for anything else, it is none. */
export interface SealSubject {
  readonly tenant: string;
  /** Tool or use. */
  readonly name: string;
  /** Of the arguments that it goes with. */
  readonly hash: string;
}

const format = 1;
/** 128 bits of HMAC-SHA-256 (RFC 2104, section 5, allows for half). */
const macLength = 16;

/**
 * Seals what a client carries back to us: the text is authenticated with what it is for, and expires. It is not hidden, so
 * no credential may be in it.
 */
export class Sealer {
  readonly #key: Uint8Array;
  readonly #clock: Clock;
  readonly #lifeMs: number;

  constructor(key: Uint8Array, clock: Clock, lifeMs: number) {
    this.#key = key;
    this.#clock = clock;
    this.#lifeMs = lifeMs;
  }

  seal(subject: SealSubject, value: unknown): string {
    const payload = Buffer.from(JSON.stringify([this.#clock.wall() + this.#lifeMs, value])).toString(
      "base64url",
    );
    return `${payload}.${this.#mac(subject, payload).toString("base64url")}`;
  }

  /** The value that was sealed for this subject; undefined where the text is forged, of another subject, or too old. */
  open(subject: SealSubject, text: string): unknown {
    const dot = text.lastIndexOf(".");
    if (dot < 0) return undefined;
    const payload = text.slice(0, dot);
    const given = Buffer.from(text.slice(dot + 1), "base64url");
    const mac = this.#mac(subject, payload);
    if (given.length !== mac.length || !timingSafeEqual(given, mac)) return undefined;
    // It is our own text: nobody else could have made its MAC.
    const [expires, value] = JSON.parse(Buffer.from(payload, "base64url").toString()) as [number, unknown];
    return this.#clock.wall() < expires ? value : undefined;
  }

  #mac({ tenant, name, hash }: SealSubject, payload: string): Buffer {
    return createHmac("sha256", this.#key)
      .update(JSON.stringify([format, tenant, name, hash, payload]))
      .digest()
      .subarray(0, macLength);
  }
}

/** The same for equal JSON, whatever the order of its keys. */
export function hashOf(value: unknown): string {
  return createHash("sha256")
    .update(canonicalJson(value) ?? "")
    .digest("base64url");
}
