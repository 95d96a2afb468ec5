/** The part of the state that credentials use: sealed values with fences, and leases with owners. */
import { ConnectorError } from "../errors.ts";
import type { Clock, Lease, StateKey, StoredSecret } from "../ports.ts";
import { type Availability, limited, reasonOf } from "./availability.ts";
import { toUs } from "./clock-time.ts";
import { configurationFault } from "./configuration-fault.ts";
import type { RedisClient } from "./connect.ts";
import type { KeySpace } from "./keys.ts";
import { runScript, type Script, type ScriptArgument } from "./script.ts";
import { type Look, SecretWatch } from "./secret-watch.ts";

/** Less than the runtime itself waits, so that the reason is known. */
const answerLimitMs = 1_500;

export interface SecretScripts {
  readonly get: Script;
  readonly set: Script;
  readonly take: Script;
  readonly keep: Script;
  readonly look: Script;
}

export interface SharedSecretsOptions {
  readonly client: RedisClient;
  readonly scripts: SecretScripts;
  readonly clock: Clock;
  readonly keys: KeySpace;
  readonly availability: Availability;
  readonly time: () => string;
}

export class SharedSecrets {
  readonly #options: SharedSecretsOptions;
  readonly #watch: SecretWatch;
  /** Names of the secrets that this process has found or written. */
  readonly #known = new Set<string>();

  constructor(options: SharedSecretsOptions) {
    this.#options = options;
    this.#watch = new SecretWatch({
      client: options.client,
      clock: options.clock,
      look: (key) => this.#look(key),
      nameOf: options.keys.topic,
    });
  }

  async get(key: StateKey): Promise<StoredSecret | undefined> {
    const name = this.#options.keys.secret(key);
    const answer = await this.#run(this.#options.scripts.get, [name], [], true);
    if (!Array.isArray(answer)) {
      this.#known.delete(name);
      return undefined;
    }
    const [value, fence] = answer;
    if (!(value instanceof Uint8Array)) return undefined;
    this.#known.add(name);
    return { value: new Uint8Array(value), fence: Number(String(fence)) };
  }

  async compareAndSet(
    key: StateKey,
    fence: number,
    value: Uint8Array | undefined,
    ttlMs: number | undefined,
  ): Promise<number | undefined> {
    const { keys, scripts } = this.#options;
    const name = keys.secret(key);
    const answer = await this.#run(
      scripts.set,
      [name, keys.lease(key)],
      [
        fence,
        value === undefined ? 0 : 1,
        value === undefined ? "" : Buffer.from(value),
        ttlMs === undefined ? 0 : Math.max(1, toUs(ttlMs)),
        keys.topic(key),
      ],
    );
    if (answer === null) return undefined;
    if (value === undefined) this.#known.delete(name);
    else this.#known.add(name);
    this.#watch.changed(key, Number(answer));
    return Number(answer);
  }

  async lease(key: StateKey, ttlMs: number): Promise<Lease | undefined> {
    const { keys, scripts } = this.#options;
    const owner = globalThis.crypto.randomUUID();
    const taken = await this.#run(scripts.take, [keys.lease(key)], [owner, toUs(ttlMs)]);
    if (taken !== 1) return undefined;
    this.#watch.leased(key, owner, ttlMs);
    const keep = async (what: "owned" | "renew" | "release", lifeMs: number): Promise<boolean> => {
      const args = [owner, what, toUs(lifeMs), keys.topic(key)];
      return (await this.#run(scripts.keep, [keys.lease(key), keys.secret(key)], args)) === 1;
    };
    return {
      owned: () => keep("owned", 0),
      renew: async (renewedMs) => {
        const renewed = await keep("renew", renewedMs);
        if (renewed) this.#watch.leased(key, owner, renewedMs);
        return renewed;
      },
      release: async () => {
        if (await keep("release", 0)) this.#watch.changed(key, undefined);
      },
    };
  }

  subscribe(key: StateKey, changed: () => void): () => void {
    return this.#watch.subscribe(key, changed);
  }

  /** Secrets that this process knows to be stored. */
  count(): number {
    return this.#known.size;
  }

  close(): void {
    this.#watch.close();
  }

  async #look(key: StateKey): Promise<Look> {
    const { keys, scripts } = this.#options;
    const answer = await this.#run(scripts.look, [keys.secret(key), keys.lease(key)], []);
    const [fence = "0", owner = "", endsUs = "0"] = Array.isArray(answer) ? answer.map(String) : [];
    return { fence, owner, endsInMs: Number(endsUs) / 1_000 };
  }

  /** An answer in time, or `state_unavailable`; what Redis says of itself may name its address and is not kept. */
  async #run(
    script: Script,
    keys: readonly string[],
    args: readonly ScriptArgument[],
    binary = false,
  ): Promise<unknown> {
    const { availability, clock, client, time } = this.#options;
    if (!availability.up) throw unavailable("gone");
    try {
      return await limited(clock, runScript(client, script, keys, [time(), ...args], binary), answerLimitMs);
    } catch (error) {
      const fault = configurationFault(error);
      if (fault !== undefined) throw fault;
      const reason = reasonOf(error);
      availability.lost(reason);
      throw unavailable(reason);
    }
  }
}

function unavailable(reason: string): ConnectorError {
  return new ConnectorError({
    code: "state_unavailable",
    phase: "credentials",
    retryable: true,
    message: `The state store does not answer (${reason}), and nothing is spent without it. Try again.`,
  });
}
